/// <reference types="node" preserve="true" />
/** Exports the parts that recipes move bytes with: between a transfer and a file, without a copy. Other recipes may use them too. */
export { byteStream } from '../streams/source-stream.js';
export { fileSource, type LocalFileSource } from './file-source.js';
export { FileWriter } from './file-writer.js';
export { type ByteMove, type MoveHandlers, moveBytes, type WriteViews } from './move-bytes.js';
export { type MoveOptions, moveBytes$ } from './move-progress.js';
