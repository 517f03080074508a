/** Text from a server that would do something to a terminal, a log or a file system. */
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type FtpClient, isFtpError } from '../../lib/index.js';
import { clientOf } from '../client/support/open.js';
import { observe } from '../support/observe.js';
import { scriptedServer } from '../support/scripted-server.js';

const hostile = 'x\u001b]0;owned\u0007\u001b[2J\u0000\u0008\u009b31m\u202egnp.exe\u2066\u200b\ufeff\u2028y';

/** C0 (but not the line ends between the frames of a stack), C1, and what reorders or hides text. */
const unsafe = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/u;

const places: readonly (readonly [string, string, string, (ftp: FtpClient) => Promise<unknown>])[] = [
  ['a refusal', 'DELE', `550 ${hostile}`, (ftp) => observe(ftp.dele$('/a')).failed],
  ['a refusal of many lines', 'DELE', `550-${hostile}\r\n550 ${hostile}`, (ftp) => observe(ftp.dele$('/a')).failed],
  ['what is no reply', 'DELE', hostile, (ftp) => observe(ftp.dele$('/a')).failed],
  ['a reply out of order', 'DELE', `331 ${hostile}`, (ftp) => observe(ftp.dele$('/a')).failed],
  ['a 421', 'DELE', `421 ${hostile}`, (ftp) => observe(ftp.dele$('/a')).failed],
  ['a path', 'PWD', `257 "${hostile}"`, (ftp) => observe(ftp.pwd$()).failed],
  ['a path without an end', 'PWD', `257 "${hostile}`, (ftp) => observe(ftp.pwd$()).failed],
  ['a size', 'SIZE', `213 ${hostile}`, (ftp) => observe(ftp.size$('/a')).failed],
  ['a time', 'MDTM', `213 ${hostile}`, (ftp) => observe(ftp.mdtm$('/a')).failed],
  ['an entry', 'MLST', `250-Start\r\n ${hostile}\r\n250 End`, (ftp) => observe(ftp.mlst$('/a')).failed],
  ['a port', 'EPSV', `229 ${hostile}`, (ftp) => observe(ftp.retr$('/a')).failed],
  ['a login', 'PASS', `530 ${hostile}`, (ftp) => observe(ftp.noop$()).failed],
  [
    'another reply than expected',
    'NOOP',
    `200 ${hostile}`,
    (ftp) => observe(ftp.exchange$('NOOP', { expect: 3 })).failed,
  ],
];

describe('errors are printable (T-14)', () => {
  it.each(places)('when the hostile text is in %s', async (_place, verb, answer, failureOf) => {
    await using server = await scriptedServer();
    server.on(verb, (session) => session.replyRaw(`${answer}\r\n`));
    await using ftp = clientOf(server, { replyTimeoutMs: 500 });
    const error = await failureOf(ftp);
    if (!isFtpError(error)) throw error;
    expect(error.message).not.toMatch(unsafe);
    expect(error.command ?? '').not.toMatch(unsafe);
    expect(inspect(error.cause ?? '', { depth: 0 })).not.toContain('\u001b]');
  });

  it('and so is a path that the user gave', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    const commands = observe(ftp.command$);
    const path = 'a\u001b[2J\u202eb';
    const error = await observe(ftp.dele$(path)).failed;
    if (!isFtpError(error)) throw error;
    expect(error.message).not.toMatch(unsafe);
    expect(error.command).not.toMatch(unsafe);
    expect(server.commands.at(-1)).toBe(`DELE ${path}`);
    await observe(ftp.close$()).settled;
    for (const line of await commands.settled) expect(line).not.toMatch(unsafe);
  });

  it('while the reply itself is there as it came', async () => {
    await using server = await scriptedServer();
    server.answer('DELE', '550 \u001b[2Jno');
    await using ftp = clientOf(server);
    expect(await observe(ftp.dele$('/a')).failed).toMatchObject({ reply: { text: '\u001b[2Jno' } });
  });
});

describe('file names keep every byte (T-19)', () => {
  const names = [
    ' leading',
    'trailing ',
    '  ',
    '-rf',
    '--',
    '|touch x',
    '$(id)',
    '*',
    'a;b',
    '~',
    '"quoted"',
    'a\\b',
    'ä',
    '\ttab',
  ];

  it.each(names)('%j is listed, asked for, renamed and deleted as it is', async (name) => {
    await using server = await scriptedServer({ files: { [`/dir/${name}`]: 'hello' } });
    await using ftp = clientOf(server, { directory: '/dir' });
    const [entry] = await observe(ftp.entries$()).settled;
    expect(entry?.name).toBe(name);
    expect(await observe(ftp.nlst$()).settled).toEqual([name]);
    expect(await observe(ftp.size$(`/dir/${name}`)).settled).toEqual([5]);
    await observe(ftp.rename$(`/dir/${name}`, `/dir/${name}2`)).settled;
    await observe(ftp.dele$(`/dir/${name}2`)).settled;
    expect(server.tree.children('/dir')).toEqual([]);
  });

  it('and a listing by LIST keeps them too', async () => {
    await using server = await scriptedServer({ files: Object.fromEntries(names.map((name) => [`/dir/${name}`, ''])) });
    server.features = [];
    await using ftp = clientOf(server);
    const listed = (await observe(ftp.entries$('/dir')).settled).map(({ name }) => name);
    expect(listed).toEqual(names);
  });
});
