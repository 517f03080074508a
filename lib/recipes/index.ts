/// <reference types="node" preserve="true" />
/** Work that many users have, built on the public client alone. */
export { type DownloadOptions, download$ } from './download.js';
export { upload$ } from './upload.js';
