/** Measures the cost of importing `Client`. */
import { Client } from 'basic-ftp';
import { mustBe } from '../task.js';

mustBe(0, Client.length);
