/** What comes before a transfer command, over a session that answers as the spec says, or as usual. */
import { PassThrough } from 'node:stream';
import type { FinalReply } from '../../../lib/control/request.js';
import type { TransferEvent } from '../../../lib/data/machine/script.js';
import { prepare } from '../../../lib/data/prepare-transfer.js';
import type { Transfer } from '../../../lib/data/transfer.js';
import type { TransferPlan } from '../../../lib/data/transfer-plan.js';
import { Canceller } from '../../../lib/net/cancellation.js';
import { command } from '../../../lib/protocol/command.js';
import { createReply } from '../../../lib/protocol/reply.js';
import { FakeSession } from './fake-session.js';

type Answer = (line: string) => FinalReply | Promise<FinalReply>;

const USUAL: Record<string, FinalReply> = {
  EPSV: { reply: createReply(229, ['Here (|||4000|).']), outcome: 'completion' },
  TYPE: { reply: createReply(200, ['Done.']), outcome: 'completion' },
  REST: { reply: createReply(350, ['Go on.']), outcome: 'intermediate' },
};

export class Preparing {
  readonly session = new FakeSession();
  readonly signal = new Canceller();
  /** The unusual answers, by verb. */
  readonly answers: Record<string, Answer> = {};

  constructor() {
    const { session } = this;
    session.settings = { ...session.settings, connector: async () => new PassThrough() };
    session.answer = (line) => {
      const [verb = ''] = line.split(' ');
      return (this.answers[verb] ?? usual)(line);
    };
  }

  get told(): string[] {
    return this.session.told;
  }

  /** Prepares a transfer, whose data connection writes down that it is there. */
  prepare(plan: Partial<TransferPlan> = {}): Promise<boolean> {
    const { session, told, signal } = this;
    const transfer = {
      session: session.real,
      data: { protection: undefined, portIsDoubtful: false, attach: () => told.push('connected') },
      dispatch: ({ type }: TransferEvent) => told.push(type),
    };
    const whole = { command: command('RETR', '/a'), type: undefined, start: 0, ...plan };
    return prepare(transfer as unknown as Transfer, whole, signal);
  }

  /** The user leaves when the answer to `verb` comes. */
  leaveAt(verb: string): void {
    this.answers[verb] = (line) => {
      this.signal.abort();
      return usual(line);
    };
  }
}

/** The usual answer. */
export function usual(line: string): FinalReply {
  const answer = USUAL[line.split(' ')[0] ?? ''];
  if (answer === undefined) throw new Error(`${line}?`);
  return answer;
}
