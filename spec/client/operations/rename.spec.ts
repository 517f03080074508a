/** A rename that is unsubscribed between RNFR and RNTO: the next commands work, on any server. */
import { describe, expect, it } from 'vitest';
import type { FtpOperations, FtpOptions } from '../../../lib/index.js';
import { type Connected, connected } from '../../control/support/connected.js';
import { observe } from '../../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../../support/scripted-server.js';
import { insistOnRename, proftpd } from '../support/insist-on-rename.js';
import { clientOf } from '../support/open.js';

const files = { '/a': 'a' };

/** Leaves a rename when RNFR is on its way; resolves when the next command was answered. */
async function leaveRename(
  { ftp, server }: { ftp: FtpOperations; server: ScriptedServer },
  nth = 1,
): Promise<readonly unknown[]> {
  const renaming = observe(ftp.rename$('/a', '/b'));
  await server.received('RNFR', nth);
  renaming.unsubscribe();
  return observe(ftp.pwd$()).settled;
}

function at(greeting: string, client: Partial<FtpOptions> = {}): Promise<Connected> {
  return connected({ files, greeting }, client, insistOnRename);
}

describe('a rename that is left between RNFR and RNTO', () => {
  it('is taken back on ProFTPD: the file keeps its name, and the next commands work', async () => {
    await using it = await at(proftpd);
    expect(await leaveRename(it)).toEqual(['/']);
    expect(it.commands).toEqual(['RNFR /a', 'RNTO /a', 'PWD']);
    expect(await observe(it.ftp.size$('/a')).settled).toEqual([1]);
    expect(it.server.tree.text('/a')).toBe('a');
  });

  it('is taken back on a server that its greeting does not name, once that has refused NOOP', async () => {
    await using it = await at('220 Ready.');
    expect(await leaveRename(it)).toEqual(['/']);
    expect(it.commands).toEqual(['RNFR /a', 'NOOP', 'RNTO /a', 'PWD']);
    expect(it.server.tree.text('/a')).toBe('a');
  });

  it.each([
    ['220 Ready.', ['RNFR /a', 'NOOP', 'PWD']],
    ['220 (vsFTPd 3.0.5)', ['RNFR /a', 'PWD']],
  ])('is not taken back where the server goes on by itself (%s)', async (greeting, commands) => {
    await using it = await connected({ files, greeting });
    expect(await leaveRename(it)).toEqual(['/']);
    expect(it.commands).toEqual(commands);
  });

  it.each([
    '553 Not that name.',
    '350 Odd.',
  ])('costs a client the session where RNTO is answered by %s', async (reply) => {
    await using server = await scriptedServer({ files, greeting: proftpd });
    server.answer('RNTO', reply);
    await using ftp = clientOf(server);
    await observe(ftp.noop$()).settled;
    expect(await leaveRename({ ftp, server })).toEqual(['/']);
    expect(server.sessions).toHaveLength(2);
  });

  it('can be done afterwards', async () => {
    await using it = await at(proftpd);
    for (let round = 1; round <= 20; round += 1) expect(await leaveRename(it, round)).toEqual(['/']);
    await observe(it.ftp.rename$('/a', '/b')).settled;
    expect(it.server.tree.text('/b')).toBe('a');
  });
});
