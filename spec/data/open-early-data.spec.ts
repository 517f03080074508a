/** A data connection to the port that was asked for before its transfer's turn. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FinalReply } from '../../lib/control/request.js';
import { FtpConnectionError } from '../../lib/errors.js';
import { final, HOST, Opening, refused } from './support/opening.js';

const EARLY = `${HOST}:3000`;
const OVER_EPSV = ['EPSV', `${HOST}:4000`, 'connected'];
const lost = new FtpConnectionError('Lost.', { channel: 'control', phase: 'idle' });

/** The session does without early ports from now on, and tells it. */
const NEVER_EARLY = 'EPSV in its turn for EPSV ahead';

let at: Opening;

/** The port was asked for, and answered so. */
function asked(answer: FinalReply | Promise<FinalReply>, staleAt = Number.POSITIVE_INFINITY): void {
  at.session.earlyPort = { final: Promise.resolve(answer), staleAt };
}

/** What can be seen of it: what was done, whether it leads to the early port, and whether that is trusted still. */
const seen = () => [at.told, at.data.toEarlyPort, !at.session.learned.lacks('EPSV ahead')];

beforeEach(() => {
  at = new Opening();
  asked(final(229, 'Here (|||3000|).'));
});

afterEach(() => {
  at.data.close();
});

describe('an early port', () => {
  it('is connected to, and not asked for again', async () => {
    await at.open();
    expect(seen()).toEqual([[EARLY, 'connected'], true, true]);
  });

  it('may be named by a 227, whose host is not trusted', async () => {
    at.set({ trustPasvHost: true });
    asked(final(227, 'Here (10,0,0,5,11,184).'));
    await at.open();
    expect(seen()).toEqual([[EARLY, 'connected'], true, true]);
  });

  it('serves once', async () => {
    await at.open();
    await at.openNext();
    expect(seen()).toEqual([[EARLY, 'connected', ...OVER_EPSV], false, true]);
  });

  it('that is stale is asked for again', async () => {
    asked(final(229, 'Here (|||3000|).'), 0);
    await at.open();
    expect(seen()).toEqual([OVER_EPSV, false, true]);
  });

  it('that was refused is asked for again', async () => {
    asked(refused);
    await at.open();
    expect(seen()).toEqual([OVER_EPSV, false, true]);
  });

  it('that cannot be reached is asked for again, and never early', async () => {
    at.closePorts(3000);
    await at.open();
    expect(seen()).toEqual([[EARLY, NEVER_EARLY, ...OVER_EPSV], false, false]);
  });

  it('without a number is asked for again, and never early', async () => {
    asked(final(229, 'Here.'));
    await at.open();
    expect(seen()).toEqual([[NEVER_EARLY, ...OVER_EPSV], false, false]);
  });

  it('that cannot be reached is the error where the connection is closed', async () => {
    at.onConnect = () => {
      at.session.closedBy = lost;
      throw new Error('refused');
    };
    await expect(at.open()).rejects.toMatchObject({ channel: 'data', phase: 'connect' });
    expect(seen()).toEqual([[EARLY, NEVER_EARLY], false, false]);
  });

  it('whose answer is lost fails with that', async () => {
    asked(Promise.reject(lost));
    await expect(at.open()).rejects.toBe(lost);
    expect(at.told).toEqual([]);
  });
});

describe('a user who leaves', () => {
  it('before the early port is known has nothing connected', async () => {
    const done = at.open();
    at.signal.abort();
    await done;
    expect(at.told).toEqual([]);
  });

  it('while it is being connected does not put the port in doubt', async () => {
    const cause = new Error('Enough.');
    at.onConnect = () => at.signal.abort(cause);
    await expect(at.open()).rejects.toMatchObject({ channel: 'data', cause });
    expect(seen()).toEqual([[EARLY], false, true]);
  });
});
