/**
 * Makes replies, and lines that are no replies, of the bytes of the control connection, in order. It counts their chunks, since a reply
 * that began before a command was written cannot answer it.
 */
import type { FtpError, FtpProtocolError } from '../errors.js';
import type { Reply } from '../protocol/reply.js';
import { ReplyDecoder, type ReplyDecoderOptions } from '../protocol/reply-decoder.js';

export interface IncomingListener {
  /** `moreCame`: something stands behind it in its chunk. */
  readonly onReply: (reply: Reply, moreCame: boolean) => void;
  readonly onLine: (line: string) => void;
  /** The grammar or a limit was broken, or a listener has thrown. */
  readonly onFault: (error: FtpError) => void;
}

/** A line that is no reply, and how many replies of its chunk came before it. */
interface SkippedLine {
  readonly line: string;
  readonly repliesBefore: number;
}

export class Incoming {
  readonly #options: ReplyDecoderOptions;
  readonly #listener: IncomingListener;
  #decoder: ReplyDecoder;
  /** The number of chunks that were read so far. Written here alone, as `began` is. */
  chunks = 0;
  /** In which chunk the reply or line began that is delivered now. */
  began = 0;
  /** Those of the chunk under way. */
  readonly #lines: SkippedLine[] = [];

  constructor(options: ReplyDecoderOptions, listener: IncomingListener) {
    const onSkipped = (line: string, repliesBefore: number): void => void this.#lines.push({ line, repliesBefore });
    this.#options = { ...options, onSkipped };
    this.#listener = listener;
    this.#decoder = new ReplyDecoder(this.#options);
  }

  /** Whether bytes have come that are not delivered. */
  get hasMore(): boolean {
    return this.#decoder.pendingBytes > 0 || this.#decoder.failure !== undefined;
  }

  /** The beginning of a reply, or of a line, that has not come to its end. */
  get unfinished(): string {
    return this.#decoder.unfinished;
  }

  /** Earlier bytes belong to no later reply. */
  begin(): void {
    this.#decoder = new ReplyDecoder(this.#options);
  }

  readonly receive = (chunk: Uint8Array): void => {
    const decoder = this.#decoder;
    this.chunks += 1;
    if (decoder.pendingBytes === 0) this.began = this.chunks;
    try {
      this.#deliver(decoder.push(chunk));
      if (decoder.fault !== undefined) this.#listener.onFault(decoder.fault);
    } catch (error) {
      this.#listener.onFault(error as FtpProtocolError);
    }
  };

  #deliver(replies: readonly Reply[]): void {
    if (this.#lines.length > 0) {
      this.#deliverWith(this.#lines.splice(0), replies);
      return;
    }
    const last = replies.length - 1;
    for (let index = 0; index <= last; index += 1) this.#deliverReply(replies[index] as Reply, index < last);
  }

  /** Each line in its place among the replies. */
  #deliverWith(lines: SkippedLine[], replies: readonly Reply[]): void {
    for (let index = 0; index <= replies.length; index += 1) {
      while (lines[0]?.repliesBefore === index) {
        this.began = this.chunks;
        this.#listener.onLine(lines.shift()?.line ?? '');
      }
      const reply = replies[index];
      if (reply !== undefined) this.#deliverReply(reply, index + 1 < replies.length || lines.length > 0);
    }
  }

  #deliverReply(reply: Reply, moreCame: boolean): void {
    this.#listener.onReply(reply, moreCame);
    this.began = this.chunks;
  }
}
