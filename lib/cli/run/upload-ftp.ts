/** Picks the client's operations that `upload$` needs. */
import type { upload$ } from '../../recipes/index.js';

export type UploadFtp = Parameters<typeof upload$>[0];
