import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { connect$ } from '../../lib/client/connect.js';
import { overhear, secret } from '../support/canary.js';
import { observe } from '../support/observe.js';
import { scriptedServer } from '../support/scripted-server.js';
import { clientOf, optionsFor, sessionOf } from './support/open.js';

describe('no secret is ever shown (T-15)', () => {
  it.each([
    '530 Login incorrect for hunter2-canary.',
    '530-hunter2-canary?\r\n530 hunter2-canary!',
    '332 Account for hunter2-canary?',
    '421 hunter2-canary is not welcome.',
    '999 hunter2-canary',
    '250 hunter2-canary',
    'hunter2-canary',
  ])('when PASS is answered by %j', async (answer) => {
    const password = secret('hunter2-canary');
    await using server = await scriptedServer();
    server.answer('PASS', answer);
    await using ftp = clientOf(server, { user: 'ann', password, replyTimeoutMs: 500 });
    const replies = observe(ftp.reply$);
    const error = await observe(ftp.noop$()).failed;
    overhear('the error', inspect(error, { depth: 99, showHidden: true }));
    expect(server.commands).toContain('PASS hunter2-canary');
    await observe(ftp.close$()).settled;
    overhear('reply$', await replies.settled);
  });

  it.each([
    ['a later refusal', '550 hunter2-canary: no such file.'],
    ['the end of the session', '421 Goodbye hunter2-canary.'],
  ])('when %s echoes the password', async (_what, answer) => {
    const password = secret('hunter2-canary');
    await using server = await scriptedServer();
    await using ftp = clientOf(server, { user: 'ann', password });
    await observe(ftp.noop$()).settled;
    server.answer('DELE', answer);
    const replies = observe(ftp.reply$);
    overhear('the error', inspect(await observe(ftp.dele$('/a')).failed, { depth: 99, showHidden: true }));
    await observe(ftp.close$()).settled;
    overhear('reply$', await replies.settled);
  });

  it('when a user sends PASS himself', async () => {
    const password = secret('hunter2-canary');
    await using server = await scriptedServer();
    await using open = await sessionOf(server);
    const commands = observe(open.ftp.command$);
    const replies = observe(open.ftp.reply$);
    server.answer('PASS', '530 Not hunter2-canary.');
    overhear('the replies', await observe(open.ftp.send$(`PASS ${password}`)).settled);
    overhear('the error', await observe(open.ftp.exchange$(`pass ${password}`, { expect: 2 })).failed);
    overhear('the refusal', await observe(open.ftp.send$(`PASS ${password}\n`)).failed);
    await open.close();
    overhear('command$', await commands.settled);
    overhear('reply$', await replies.settled);
    expect(commands.values).toContain('PASS ***');
  });

  it('when a client or a session is inspected or made JSON', async () => {
    const password = secret('hunter2-canary');
    await using server = await scriptedServer();
    await using ftp = clientOf(server, { user: 'ann', password });
    await observe(ftp.noop$()).settled;
    overhear('the client', inspect(ftp, { depth: 99, showHidden: true }));
    overhear('the client as JSON', JSON.stringify(Object.entries(ftp), withoutCycles()));
    await using open = await sessionOf(server, { user: 'ann', password });
    overhear('the session', inspect(open.ftp, { depth: 99, showHidden: true }));
  });

  it('when the connection is lost at PASS', async () => {
    const password = secret('hunter2-canary');
    await using server = await scriptedServer();
    server.on('PASS', (session) => session.closeControl('rst'));
    const error = await observe(connect$(optionsFor(server, { user: 'ann', password }))).failed;
    overhear('the error', inspect(error, { depth: 99, showHidden: true }));
    expect(error).toMatchObject({ command: 'PASS ***' });
  });
});

function withoutCycles(): (key: string, value: unknown) => unknown {
  const seen = new Set<unknown>();
  return (_key, value) => {
    if (typeof value !== 'object' || value === null) return value;
    if (seen.has(value)) return undefined;
    seen.add(value);
    return value;
  };
}
