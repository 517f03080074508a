/** Whoever sends a command, as the control channel sees it. */
import type { FtpError } from '../errors.js';
import type { Reply } from '../protocol/reply.js';

/** Somebody who owns a place in reply order. */
export interface ReplyReader {
  /** The command under way, secrets masked, for messages. */
  readonly command: string;
  /**
   * True once the exchange is over and the socket is to be replaced (AUTH, CCC): nothing is read from it any more, and
   * nothing may have followed the reply, since that was injected.
   */
  readonly sealed?: boolean;
  /** What this exchange sends that nobody may see again, should the server echo it. */
  readonly secrets?: readonly string[] | undefined;
  /** Whether the next reply, if it is this one, answers with a value: it is then left as it is, echo or not. */
  carriesValue(reply: Reply): boolean;
  /** It is first in line: the next reply is its own. */
  onTurn?(): void;
  /** Takes the next reply; true when the place is done with. Throwing an FtpError poisons the connection. */
  accept(reply: Reply): boolean;
  /** The connection is gone. */
  fail(cause: FtpError): void;
}
