/** The fault matrix without TLS. `npm run trust` plays all of it. */
import '../support/trust.js';
import { describeMatrix } from './support/describe-matrix.js';

describeMatrix('plain');
