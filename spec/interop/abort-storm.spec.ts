/** After any abort, at any moment, over any real server: the next command gets its own answer. In clear text. */
import { describeStorms } from '../support/storm/describe-storms.js';

describeStorms({});
