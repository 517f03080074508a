/**
 * Decides by a fence to which command an odd reply belongs: two commands that any server answers.
 *
 * The client holds the odd reply and sends NOOP, and at its reply PWD. The code 257, and the reply to NOOP right before it, identify the
 * reply to PWD. So the fence counts the replies between the held one and these two. If there is none, the held one was the answer. If there
 * is one, that one is the answer.
 *
 * Replies count only if their first byte came in a chunk that was read after the command was written. All others answer an older command.
 */
import type { Reply } from './reply.js';

/** The next demand of the fence: more replies, PWD to be sent, or nothing, since it is over. */
export type FenceStep = 'more' | 'ask PWD' | 'over';

export interface FenceOptions {
  /** The held reply answers PWD perhaps: then its code ends the fence too. */
  readonly heldForPwd?: Reply | undefined;
  /** The server has refused PWD before: then a 500 or 502 after a 2yz ends the fence too. */
  readonly pwdRefused?: boolean;
}

export class Fence {
  readonly #options: FenceOptions;
  readonly #replies: Reply[] = [];
  #askedPwd = false;

  constructor(options: FenceOptions = {}) {
    this.#options = options;
  }

  /** Takes the next reply; `inTime`: it can answer what the fence has sent last. A 1yz answers nothing: its final reply follows. */
  take(reply: Reply, inTime: boolean): FenceStep {
    if (reply.class === 1) return 'more';
    const before = this.#replies.at(-1);
    this.#replies.push(reply);
    if (!inTime) return 'more';
    if (this.#askedPwd) return before !== undefined && this.#endsWith(reply, before) ? 'over' : 'more';
    this.#askedPwd = true;
    return 'ask PWD';
  }

  /** Once the fence is over: the replies that came before its own two. */
  get between(): readonly Reply[] {
    return this.#replies.slice(0, -2);
  }

  #endsWith(reply: Reply, before: Reply): boolean {
    const { heldForPwd, pwdRefused } = this.#options;
    if (reply.code === 257 || reply.code === heldForPwd?.code) return before.code !== 257;
    return pwdRefused === true && (reply.code === 500 || reply.code === 502) && before.class === 2;
  }
}
