import type { Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type FtpClient, FtpReplyError, type Reply } from '../../../lib/index.js';
import { secret } from '../../support/canary.js';
import { observe } from '../../support/observe.js';
import { scriptedServer } from '../../support/scripted-server.js';
import { afterLogin, clientOf, sessionOf } from '../support/open.js';

/** Each operation that is one command and emits its reply: what it sends, and a good answer. */
const commands: readonly (readonly [string, (ftp: FtpClient) => Observable<Reply>, string, string])[] = [
  ['opts$', (ftp) => ftp.opts$('UTF8', 'ON'), 'OPTS UTF8 ON', '200 Ok.'],
  ['opts$ of a feature alone', (ftp) => ftp.opts$('MLST'), 'OPTS MLST', '200 Ok.'],
  ['syst$', (ftp) => ftp.syst$(), 'SYST', '215 UNIX Type: L8'],
  ['stat$', (ftp) => ftp.stat$(), 'STAT', '211-Status\r\n all well\r\n211 End'],
  ['stat$ of a path', (ftp) => ftp.stat$('/a b'), 'STAT /a b', '213-Status\r\n -rw a b\r\n213 End'],
  ['help$', (ftp) => ftp.help$(), 'HELP', '214 Help.'],
  ['help$ on a topic', (ftp) => ftp.help$('SITE'), 'HELP SITE', '214 Help.'],
  ['site$', (ftp) => ftp.site$('IDLE 60'), 'SITE IDLE 60', '200 Ok.'],
  ['noop$', (ftp) => ftp.noop$(), 'NOOP', '200 Ok.'],
  ['acct$', (ftp) => ftp.acct$('4711'), 'ACCT 4711', '230 Ok.'],
  ['allo$', (ftp) => ftp.allo$(1e15), 'ALLO 1000000000000000', '200 Ok.'],
  ['allo$ with a record size', (ftp) => ftp.allo$(5, 2), 'ALLO 5 R 2', '202 Ok.'],
  ['smnt$', (ftp) => ftp.smnt$('/mnt'), 'SMNT /mnt', '250 Ok.'],
  ['type$', (ftp) => ftp.type$('A N'), 'TYPE A N', '200 Ok.'],
  ['mode$', (ftp) => ftp.mode$('S'), 'MODE S', '200 Ok.'],
  ['rmd$', (ftp) => ftp.rmd$('/a b'), 'RMD /a b', '250 Ok.'],
  ['dele$', (ftp) => ftp.dele$(' a '), 'DELE  a ', '250 Ok.'],
];

describe.each(commands)('%s', (_name, run, line, answer) => {
  const [verb = ''] = line.split(' ');

  it(`sends ${line}, emits the reply and completes`, async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    await observe(ftp.pwd$()).settled;
    server.answer(verb, answer);
    const values = await observe(run(ftp)).settled;
    expect(values).toHaveLength(1);
    expect(values[0]).toMatchObject({ code: Number(answer.slice(0, 3)), class: 2 });
    expect(server.commands.at(-1)).toBe(line);
  });

  it('errors with the refusal, transient or not, and the session goes on', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    await observe(ftp.pwd$()).settled;
    for (const code of [450, 502]) {
      server.answer(verb, `${code} No.`);
      const error = await observe(run(ftp)).failed;
      expect(error).toBeInstanceOf(FtpReplyError);
      expect(error).toMatchObject({ reply: { code, text: 'No.' }, transient: code === 450, bytes: undefined });
    }
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    expect(server.sessions).toHaveLength(1);
  });

  it('is dropped when it is given up; the next operation gets its own reply', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    await observe(ftp.pwd$()).settled;
    server.once(verb, async (session) => {
      running.unsubscribe();
      await session.reply(answer);
    });
    const running = observe(run(ftp));
    await running.ended;
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    expect(running.values).toEqual([]);
  });
});

describe('feat$', () => {
  it('emits the features', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    const [features] = await observe(ftp.feat$()).settled;
    expect(features?.has('rest')).toBe(true);
    expect(features?.parameters('MLST')).toBe('type*;size*;modify*;');
    server.features = [];
    expect((await observe(ftp.feat$()).settled)[0]?.names).toEqual([]);
  });

  it('errors when FEAT is refused, though a login does not mind', async () => {
    await using server = await scriptedServer();
    server.answer('FEAT', '500 Unknown.');
    await using ftp = clientOf(server);
    expect(await observe(ftp.feat$()).failed).toMatchObject({ command: 'FEAT', reply: { code: 500 } });
  });
});

describe('acct$', () => {
  it('never shows the account', async () => {
    const account = secret('account-secret-1');
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    const commandLines = observe(ftp.command$);
    server.answer('ACCT', `530 No such account ${account}.`);
    const error = await observe(ftp.acct$(account)).failed;
    expect(error).toMatchObject({ command: 'ACCT ***' });
    await observe(ftp.close$()).settled;
    expect(await commandLines.settled).toContain('ACCT ***');
  });
});

describe('rein$', () => {
  it('ends the login; what was set is forgotten', async () => {
    await using server = await scriptedServer();
    await using open = await sessionOf(server);
    await observe(open.ftp.type$('A')).settled;
    await observe(open.ftp.rein$()).settled;
    expect(await observe(open.ftp.pwd$()).failed).toMatchObject({ reply: { code: 530 } });
    await observe(open.ftp.send$('USER ann')).settled;
    await observe(open.ftp.send$('PASS pw')).settled;
    expect(await observe(open.ftp.pwd$()).settled).toEqual(['/']);
    expect(afterLogin(server)).toEqual(['TYPE A', 'REIN', 'PWD', 'PWD']);
  });

  it('errors with the refusal, and the login stays', async () => {
    await using server = await scriptedServer();
    server.answer('REIN', '502 No.');
    await using open = await sessionOf(server);
    expect(await observe(open.ftp.rein$()).failed).toMatchObject({ command: 'REIN', reply: { code: 502 } });
    expect(await observe(open.ftp.pwd$()).settled).toEqual(['/']);
  });

  it('is dropped when it is given up; the next operation gets its own reply', async () => {
    await using server = await scriptedServer();
    await using open = await sessionOf(server);
    const left = observe(open.ftp.rein$());
    await server.received('REIN');
    left.unsubscribe();
    expect((await observe(open.ftp.send$('USER ann')).settled)[0]?.code).toBe(331);
    expect(left.values).toEqual([]);
  });
});
