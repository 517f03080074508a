/** Measures the cost of `import { FtpClient }`. */
import { FtpClient } from '../../../lib/index.js';
import { mustBe } from '../task.js';

mustBe(1, FtpClient.length);
