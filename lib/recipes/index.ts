/// <reference types="node" preserve="true" />
/** Work that many users have, built on the public client alone. */
export { download$ } from './download.js';
export type { DownloadOptions } from './download-options.js';
export type { ExistsChoice } from './exists.js';
export type { FileProgress } from './file-progress.js';
export { upload$ } from './upload.js';
export type { UploadOptions } from './upload-options.js';
