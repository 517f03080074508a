/** Checks faults of commands that leave before the reply to the one before them; see also `next-port.spec.ts`. */
import { describe, expect, it } from 'vitest';
import { type Connected, connected } from '../control/support/connected.js';
import { observe } from '../support/observe.js';
import type { Handler, ScriptedServer } from '../support/scripted-server.js';
import { fetch } from './support/fetch.js';

const files = { '/a': 'first file', '/b': 'second file', '/c': 'third file' };
const greeting = '220 (vsFTPd 3.0.3)';

function known(script: (server: ScriptedServer) => void): Promise<Connected> {
  return connected({ files, greeting }, {}, script);
}

/** Sends a file whose 226 comes only after the next command: that can only be an early one. */
const finishingLate =
  (server: ScriptedServer, next: string, nth: number): Handler =>
  async (session, path) => {
    await session.reply('150 Here.');
    await session.sendData(files[path as '/a']);
    await server.received(next, nth);
    await session.reply('226 Done.');
  };

describe('the early EPSV', () => {
  it('that is answered by nonsense is asked for again', async () => {
    await using at = await known((server) => {
      server.once('RETR', finishingLate(server, 'EPSV', 2));
      server.once('EPSV', (_session, _argument, command) => command.byDefault());
      server.once('EPSV', (session) => session.reply('229 Somewhere.'));
    });
    const [first, second] = [observe(at.ftp.retr$('/a')), observe(at.ftp.retr$('/b'))];
    expect([await first.ended, await second.ended]).toEqual(['complete', 'complete']);
    expect(at.server.commands.filter((line) => /^(EPSV|PASV)/.test(line))).toEqual(['EPSV', 'EPSV', 'EPSV']);
  });
});

describe('TYPE and EPSV on such a server', () => {
  it('go out together, and a refused TYPE opens nothing', async () => {
    await using at = await known((server) => server.once('TYPE', (session) => session.reply('504 No such type.')));
    expect(await observe(at.ftp.retr$('/a')).failed).toMatchObject({ command: 'TYPE I', reply: { code: 504 } });
    expect(at.commands).toEqual(['TYPE I', 'EPSV']);
    expect(await fetch(at, '/a')).toBe('first file');
    expect(at.commands.slice(2)).toEqual(['TYPE I', 'EPSV', 'RETR /a']);
  });
});
