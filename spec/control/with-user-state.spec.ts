/** Work that goes by what the user has set: what comes before it, and what keeps it from beginning. */
import { describe, expect, it, vi } from 'vitest';
import type { Session } from '../../lib/control/session.js';
import { UserSettings } from '../../lib/control/user-settings.js';
import { WantedState } from '../../lib/control/user-state.js';
import { withUserState } from '../../lib/control/with-user-state.js';
import { Canceller } from '../../lib/net/cancellation.js';
import { type Command, command } from '../../lib/protocol/command.js';
import { createReply } from '../../lib/protocol/reply.js';

/** A session of a client, another session of which has gone to `directory`. */
function behind(directory: string, code = 250) {
  const wanted = new WantedState(true);
  new UserSettings(wanted).remember((state) => ({ ...state, directory: [command('CWD', directory)] }));
  const told: string[] = [];
  const request = async ({ line }: Command) => {
    told.push(line);
    return {
      reply: createReply(code, ['said']),
      outcome: code === 250 ? ('completion' as const) : ('refusal' as const),
    };
  };
  const session = { user: new UserSettings(wanted), request } as unknown as Session;
  const work = vi.fn(async () => void told.push('work'));
  return { session, told, work, state: wanted.current };
}

describe('work', () => {
  it('begins when its session is brought to the state that it was given for', async () => {
    const { session, told, work, state } = behind('/a');
    await withUserState({ kind: 'exclusive', work, state })(session, new Canceller());
    expect(told).toEqual(['CWD /a', 'work']);
  });

  it('begins at once where the session is there, and where it has no state', async () => {
    const { session, told, work, state } = behind('/a');
    await withUserState({ kind: 'exclusive', work, state: session.user.applied })(session, new Canceller());
    await withUserState({ kind: 'exclusive', work })(session, new Canceller());
    expect(told).toEqual(['work', 'work']);
    expect(session.user.applied).not.toBe(state);
  });

  it('from anywhere goes to no directory first', async () => {
    const { session, told, work, state } = behind('/a');
    await withUserState({ kind: 'exclusive', work, state, skipDirectory: true })(session, new Canceller());
    expect(told).toEqual(['work']);
  });

  it('does not begin where the state is out of reach: nothing was done', async () => {
    const { session, work, state } = behind('/a', 550);
    const begun = withUserState({ kind: 'exclusive', work, state })(session, new Canceller());
    await expect(begun).rejects.toMatchObject({ name: 'FtpReplyError', command: 'CWD /a', outcome: 'none' });
    expect(work).not.toHaveBeenCalled();
  });

  it('does not begin for a subscriber who has left meanwhile', async () => {
    const { session, work, state } = behind('/a');
    const signal = new Canceller();
    const begun = withUserState({ kind: 'exclusive', work, state })(session, signal);
    signal.abort();
    await expect(begun).rejects.toMatchObject({ name: 'FtpTransferError', outcome: 'none' });
    expect(work).not.toHaveBeenCalled();
  });
});
