/** Defines a sender of commands, as the control channel sees it. */
import type { FtpError } from '../errors.js';
import type { Reply } from '../protocol/reply.js';

/**
 * The verdict of a reader on a reply: `more` are to come for it; its place is `over`; or it `held` the reply, which may be
 * another command's, and a fence has to decide. `fence`: its place is over, but more replies to its commands may come, so a fence goes
 * before the next command.
 */
export type Verdict = 'more' | 'over' | 'held' | 'fence';

/** The owner of a place in reply order. */
export interface ReplyReader {
  /** The command under way, secrets masked, for messages. */
  readonly command: string;
  /** Its verb, or `GREETING`. */
  readonly verb: string;
  /**
   * The socket is replaced when the answer is in (AUTH, CCC). Until then nothing but that one answer may come: anything else was
   * injected.
   */
  readonly changesSocket?: boolean;
  /** True once that answer is in. */
  readonly mustReplaceSocket?: boolean;
  /** Secrets that this exchange sends; an echo of them is masked. */
  readonly secrets?: readonly string[] | undefined;
  /** Whether the next reply, if it is this one, answers with a value: it is then left as it is, echo or not. */
  carriesValue(reply: Reply): boolean;
  /** It is first in line: the next reply is its own. */
  onFirstInLine?(): void;
  /**
   * Takes the next reply; `soon`: it came sooner than the way to the server and back takes. Throwing an FtpError closes the
   * connection.
   */
  accept(reply: Reply, soon: boolean): Verdict;
  /** The fence is over: these replies came between the held one and the fence's own. The place ends with it. */
  decide?(between: readonly Reply[]): void;
  /** A line that is no reply has come, and is dropped. Throwing an FtpError closes the connection. */
  onSkipped?(line: string): void;
  /** The connection is gone. */
  fail(cause: FtpError): void;
}
