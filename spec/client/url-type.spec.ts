/** `;type=` in an FTP URL, and the option `type` that it sets: the type of transfers that name none. */
import { describe, expect, it } from 'vitest';
import { connect$ } from '../../lib/client/connect.js';
import { FtpClient } from '../../lib/index.js';
import { observe } from '../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../support/scripted-server.js';
import { clientOf, optionsFor } from './support/open.js';

const files = { '/pub/text': 'one\r\ntwo\r\n' };

async function textOf(ftp: Pick<FtpClient, 'retr$'>): Promise<string> {
  return Buffer.concat(await observe(ftp.retr$('text')).settled).toString();
}

function typesOf(server: ScriptedServer): string[] {
  return server.commands.filter((line) => line.startsWith('TYPE'));
}

describe('an FTP URL', () => {
  it.each([
    { suffix: '', text: 'one\r\ntwo\r\n', types: ['TYPE I'] },
    { suffix: ';type=i', text: 'one\r\ntwo\r\n', types: ['TYPE I'] },
    { suffix: ';type=a', text: 'one\ntwo\n', types: ['TYPE A'] },
    { suffix: ';type=d', text: 'one\r\ntwo\r\n', types: ['TYPE I'] },
  ])('with "$suffix" downloads by $types', async ({ suffix, text, types }) => {
    await using server = await scriptedServer({ files });
    await using ftp = new FtpClient(`ftp://${server.host}:${server.port}/pub${suffix}`);
    expect(await textOf(ftp)).toBe(text);
    expect(typesOf(server)).toEqual(types);
    expect(server.commands).toContain('CWD pub');
  });

  it('gives connect$ its type too', async () => {
    await using server = await scriptedServer({ files });
    const opened = observe(connect$(`ftp://${server.host}:${server.port}/pub;type=a`));
    expect(await textOf(await opened.nth(1))).toBe('one\ntwo\n');
    opened.unsubscribe();
    await server.event('control-closed');
  });
});

describe('the option type', () => {
  it('is what uploads have that name none, on every session', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server, { type: 'ascii', maxSessions: 2 });
    const running = ['/a', '/b'].map((path) => observe(ftp.stor$(path, 'x\n')).settled);
    await Promise.all(running);
    expect(server.tree.text('/a')).toBe('x\n');
    expect(server.tree.text('/b')).toBe('x\n');
    expect(new Set(typesOf(server))).toEqual(new Set(['TYPE A']));
  });

  it('gives way to a type that is named, and to type$', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = new FtpClient({ ...optionsFor(server), directory: '/pub', type: 'ascii' });
    const binary = observe(ftp.retr$('text', { type: 'binary' }));
    expect(Buffer.concat(await binary.settled).toString()).toBe('one\r\ntwo\r\n');
    expect(await textOf(ftp)).toBe('one\ntwo\n');
    await observe(ftp.type$('I')).settled;
    expect(await textOf(ftp)).toBe('one\r\ntwo\r\n');
  });
});
