/** What `upload$` needs of a client. */
import type { upload$ } from '../../recipes/index.js';

export type UploadFtp = Parameters<typeof upload$>[0];
