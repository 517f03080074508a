/** What `import { FtpClient }` costs. */
import { FtpClient } from '../../../lib/index.js';
import { mustBe } from '../task.js';

mustBe(1, FtpClient.length);
