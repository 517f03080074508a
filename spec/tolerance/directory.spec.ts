/** Servers without PWD: where the client is counts, though nobody says what that place is called. */
import { lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type FtpClient, FtpReplyError, FtpTimeoutError } from '../../lib/index.js';
import { observe } from '../support/observe.js';
import type { ScriptedServer } from '../support/scripted-server.js';
import { surprisesOf } from '../support/surprises.js';
import { content, count, someClient, someServer } from './support/open.js';

const answers = ['500 What?', '502 Not implemented.', '550 No.', '257 Somewhere.', '250 Somewhere.'];

async function goThere(ftp: FtpClient, ...path: readonly string[]): Promise<void> {
  for (const step of path) await lastValueFrom(step === '..' ? ftp.cdup$() : ftp.cwd$(step));
}

/** Ends the connection, so that the next operation needs another. */
async function hangUp(server: ScriptedServer): Promise<void> {
  await server.sessions.at(-1)?.closeControl('fin');
  await server.event('control-closed');
}

describe.each(answers)('a server that says "%s" to PWD', (answer) => {
  const deep = { ...content, '/sub/deeper/d': 'd', '/other/e': 'e' };

  it('changes the directory all the same, and files go there', async () => {
    await using server = await someServer();
    server.answer('PWD', answer);
    await using ftp = someClient(server);
    await goThere(ftp, 'sub');
    await lastValueFrom(ftp.stor$('f', 'data'));
    expect([server.tree.text('/sub/f'), server.tree.text('/f')]).toEqual(['data', undefined]);
    expect(server.sessions).toHaveLength(1);
  });

  it('refuses pwd$, and nothing else', async () => {
    await using server = await someServer();
    server.answer('PWD', answer);
    await using ftp = someClient(server);
    expect(await observe(ftp.pwd$()).failed).toBeInstanceOf(FtpReplyError);
    expect(await lastValueFrom(ftp.size$('/b'))).toBe(content['/b'].length);
    expect(server.sessions).toHaveLength(1);
  });

  it.each([
    [['sub', 'deeper'], '/sub/deeper'],
    [['sub', 'deeper', '..'], '/sub'],
    [['sub', '/other'], '/other'],
    [['/sub', 'deeper'], '/sub/deeper'],
  ])('is led the same way again on another connection: %j', async (steps, place) => {
    await using server = await someServer({ files: deep });
    server.answer('PWD', answer);
    await using ftp = someClient(server);
    await goThere(ftp, ...steps);
    await hangUp(server);
    await lastValueFrom(ftp.stor$('f', 'data'));
    expect(server.tree.text(`${place}/f`)).toBe('data');
    expect(server.sessions).toHaveLength(2);
  });
});

describe('a server that leaves PWD unanswered', () => {
  it('costs one silence: the directory counts on the next connection, and PWD is not asked again', async () => {
    await using server = await someServer({ files: { ...content, '/sub/deeper/d': 'd' } });
    server.on('PWD', () => undefined);
    await using ftp = someClient(server, { replyTimeoutMs: 200 });
    const fallbacks: string[] = [];
    surprisesOf(ftp.events$).subscribe((event) => {
      if (event.type === 'fallback') fallbacks.push(event.what);
    });
    await goThere(ftp, 'sub', 'deeper');
    await lastValueFrom(ftp.stor$('f', 'data'));
    expect([server.tree.text('/sub/deeper/f'), server.tree.text('/f')]).toEqual(['data', undefined]);
    expect([server.sessions.length, count(server, 'PWD'), fallbacks]).toEqual([2, 1, ['PWD']]);
  });

  it('costs pwd$ a time-out, and nothing else', async () => {
    await using server = await someServer();
    server.on('PWD', () => undefined);
    await using ftp = someClient(server, { replyTimeoutMs: 200 });
    expect(await observe(ftp.pwd$()).failed).toMatchObject({ constructor: FtpTimeoutError, command: 'PWD' });
    expect(await lastValueFrom(ftp.size$('/b'))).toBe(content['/b'].length);
    await goThere(ftp, 'sub');
    await lastValueFrom(ftp.stor$('f', 'data'));
    expect(server.tree.text('/sub/f')).toBe('data');
  });
});

describe('a server without PWD that answers oddly', () => {
  it.each([
    '500 What?',
    '502 Not implemented.',
  ])('"%s", known before, ends the search for the answer', async (answer) => {
    await using server = await someServer();
    server.answer('PWD', answer);
    await using ftp = someClient(server);
    await observe(ftp.pwd$()).failed;
    server.answer('DELE', '226 Deleted.');
    expect(await lastValueFrom(ftp.dele$('/x'))).toMatchObject({ code: 226 });
    expect(await lastValueFrom(ftp.size$('/b'))).toBe(content['/b'].length);
    expect(server.sessions).toHaveLength(1);
  });

  it('and NOOP that is not known does not hinder it', async () => {
    await using server = await someServer();
    server.answer('NOOP', '500 What?').answer('DELE', '226 Deleted.');
    await using ftp = someClient(server);
    expect(await lastValueFrom(ftp.dele$('/x'))).toMatchObject({ code: 226 });
    expect(await lastValueFrom(ftp.pwd$())).toBe('/');
    expect([count(server, 'DELE'), server.sessions.length]).toEqual([1, 1]);
  });
});
