/** The fault matrix over TLS 1.3. `npm run trust` plays all of it. */
import '../support/trust.js';
import { describeMatrix } from './support/describe-matrix.js';

describeMatrix('TLS 1.3');
