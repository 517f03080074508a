/// <reference types="node" preserve="true" />
/** The ways of bytes that the recipes take: between a transfer and a file, without a copy. For recipes of one's own. */
export { fileSource, type LocalFileSource } from './file-source.js';
export { FileWriter } from './file-writer.js';
export { type ByteMove, type MoveHandlers, moveBytes, type WriteViews } from './move-bytes.js';
export { type MoveOptions, moveBytes$ } from './move-progress.js';
