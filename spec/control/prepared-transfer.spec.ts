/** Checks the gain of a waiting transfer from the login: TYPE and EPSV behind it, and a data connection while FEAT is answered. */
import { describe, expect, it } from 'vitest';
import { FtpConnectionError, FtpProtocolError, FtpReplyError, FtpSecurityError } from '../../lib/errors.js';
import type { FtpClient, FtpOptions } from '../../lib/index.js';
import { clientOf } from '../client/support/open.js';
import { observe } from '../support/observe.js';
import { arrivals } from '../support/scripted/arrivals.js';
import {
  type Handler,
  type ScriptedServer,
  type ScriptedServerOptions,
  scriptedServer,
} from '../support/scripted-server.js';
import { secureClient } from '../tls/support/secure-client.js';
import { connecting, Latch } from './support/connected.js';
import { Packets } from './support/packets.js';

const known = { greeting: '220 (vsFTPd 3.0.3)' };
const files = { '/a': 'content of a', '/b': 'content of b', '/dir/c': 'c' };
const me = { user: 'me', password: 'pass-word' };
const learning = ['FEAT', 'OPTS UTF8 ON'];
const prepared = ['EPSV', 'TYPE I', ...learning];
const preparedToList = ['EPSV', ...learning];

interface Stage extends AsyncDisposable {
  readonly server: ScriptedServer;
  readonly ftp: FtpClient;
  readonly packets: Packets;
}

async function stage(
  client: Partial<FtpOptions> = {},
  script: (server: ScriptedServer) => void = () => {},
  options: ScriptedServerOptions = known,
): Promise<Stage> {
  const server = await scriptedServer({ files, ...options });
  script(server);
  const packets = new Packets();
  const ftp = clientOf(server, { ...me, connector: packets.connector, ...client });
  const dispose = async (): Promise<void> => {
    await ftp[Symbol.asyncDispose]();
    await server.close();
  };
  return { server, ftp, packets, [Symbol.asyncDispose]: dispose };
}

/** FEAT is answered when the spec says so. */
function slowFeatures(): { readonly answer: () => void; readonly script: (server: ScriptedServer) => void } {
  const latch = new Latch();
  const handler: Handler = async (_session, _argument, command) => {
    await latch.opened;
    await command.byDefault();
  };
  return { answer: () => latch.open(), script: (server) => void server.once('FEAT', handler) };
}

async function fetched(ftp: FtpClient, path: string): Promise<string> {
  return Buffer.concat(await observe(ftp.retr$(path)).settled).toString();
}

describe('a transfer that waits for the login', () => {
  it.each(['whole', 'bytes'] as const)('has its port asked for in the login (%s)', async (chunking) => {
    await using at = await stage({}, undefined, { ...known, chunking });
    expect(await fetched(at.ftp, '/a')).toBe('content of a');
    expect(at.packets.lines).toEqual([['USER me'], ['PASS pass-word'], prepared, ['RETR /a']]);
  });

  it.each([
    'whole',
    'bytes',
  ] as const)('has its port asked for in the one write of pipelineLogin (%s)', async (chunking) => {
    await using at = await stage({ pipelineLogin: true }, undefined, { ...known, chunking });
    expect(await fetched(at.ftp, '/a')).toBe('content of a');
    expect(at.packets.lines).toEqual([['USER me', 'PASS pass-word', ...prepared], ['RETR /a']]);
  });

  it('is connected before FEAT is answered, and sent after that', async () => {
    const features = slowFeatures();
    await using at = await stage({}, features.script);
    const download = observe(at.ftp.retr$('/a'));
    await at.server.event('data-opened');
    await arrivals();
    expect(at.server.commands.slice(2)).toEqual(prepared);
    features.answer();
    expect(Buffer.concat(await download.settled).toString()).toBe('content of a');
    expect(at.server.commands.at(-1)).toBe('RETR /a');
  });

  it('holds up nothing when it is cancelled while FEAT is unanswered, nor does a cancelled CWD behind it', async () => {
    const features = slowFeatures();
    await using at = await stage({}, features.script);
    const download = observe(at.ftp.retr$('/a'));
    const changed = observe(at.ftp.cwd$('/dir'));
    await at.server.received('FEAT');
    download.unsubscribe();
    await arrivals();
    changed.unsubscribe();
    features.answer();
    expect(await observe(at.ftp.pwd$()).settled).toEqual(['/']);
    expect(at.server.commands.slice(2)).toEqual([...prepared, 'PWD']);
  });

  it('may be a listing that depends on the features', async () => {
    const features = slowFeatures();
    await using at = await stage({}, features.script);
    const entries = observe(at.ftp.entries$('/dir'));
    await at.server.received('FEAT');
    features.answer();
    expect((await entries.settled).map(({ name }) => name)).toEqual(['c']);
    // No server of this greeting has MLSD: it is asked whether it reads the path.
    expect(at.packets.lines.slice(2, 4)).toEqual([preparedToList, ['MLSD /dir/.rxftp-no-such-directory']]);
  });

  it.each([
    ['list$', (ftp: FtpClient) => ftp.list$('/dir'), 'LIST /dir'],
    ['nlst$', (ftp: FtpClient) => ftp.nlst$('/dir'), 'NLST /dir'],
    ['mlsd$', (ftp: FtpClient) => ftp.mlsd$('/dir'), 'MLSD /dir'],
  ])('sets no type to list: %s; the download after it sets its own', async (_name, list, line) => {
    await using at = await stage();
    const [listed, download] = [observe<unknown>(list(at.ftp)), fetched(at.ftp, '/a')];
    expect(await listed.settled).toHaveLength(1);
    expect(await download).toBe('content of a');
    expect(at.packets.lines.slice(2, 4)).toEqual([preparedToList, [line]]);
    expect(at.packets.lines.slice(4).flat().sort()).toEqual(['EPSV', 'RETR /a', 'TYPE I']);
  });

  it('may be left for a listing when its type is set already', async () => {
    const features = slowFeatures();
    await using at = await stage({}, features.script);
    const download = observe(at.ftp.retr$('/a'));
    const names = observe(at.ftp.nlst$('/dir'));
    await at.server.event('data-opened');
    download.unsubscribe();
    features.answer();
    expect(await names.settled).toEqual(['c']);
    expect(at.server.commands.filter((sent) => sent.startsWith('TYPE'))).toEqual(['TYPE I']);
  });

  it('may be of another type', async () => {
    await using at = await stage();
    expect(await observe(at.ftp.retrLines$('/a')).settled).toEqual(['content of a']);
    expect(at.packets.lines.slice(2)).toEqual([[...prepared, 'TYPE A'], ['RETR /a']]);
  });

  it('may be an upload', async () => {
    await using at = await stage();
    await observe(at.ftp.stor$('/up', 'sent')).settled;
    expect(at.packets.lines.slice(2)).toEqual([prepared, ['STOR /up']]);
    expect(at.server.tree.text('/up')).toBe('sent');
  });

  it('is prepared by each session that is opened for one', async () => {
    await using at = await stage({ maxSessions: 3 });
    const all = ['/a', '/b', '/a', '/b', '/a', '/b'].map((path) => fetched(at.ftp, path));
    expect(new Set(await Promise.all(all))).toEqual(new Set(['content of a', 'content of b']));
    const logins = at.packets.lines.filter((lines) => lines.includes('FEAT'));
    expect(logins[0]).toEqual(prepared);
    expect(at.server.commands.filter((line) => line.startsWith('RETR'))).toHaveLength(6);
  });

  it('is protected before its data connection is made', async () => {
    await using server = await scriptedServer({ ...known, files, tls: 'explicit' });
    const protect = new Latch();
    server.once('PROT', async (_session, _argument, command) => {
      await protect.opened;
      await command.byDefault();
    });
    await using ftp = secureClient(server, { pipelineLogin: true });
    const download = observe(ftp.retr$('/a'));
    await server.received('PROT');
    await arrivals();
    expect(server.journal.of('data-opened')).toEqual([]);
    protect.open();
    expect(Buffer.concat(await download.settled).toString()).toBe('content of a');
    expect(server.journal.of('data-secured')).toHaveLength(1);
  });

  it('makes no data connection where PROT is refused', async () => {
    await using server = await scriptedServer({ ...known, files, tls: 'explicit' });
    server.answer('PROT', '536 No PROT.');
    await using ftp = secureClient(server, { pipelineLogin: true });
    expect(await observe(ftp.retr$('/a')).failed).toBeInstanceOf(FtpSecurityError);
    await server.event('control-closed');
    expect(server.journal.of('data-opened')).toEqual([]);
    expect(server.commands).not.toContain('RETR /a');
  });
});

describe('nothing is prepared', () => {
  const cases: Readonly<Record<string, { options?: ScriptedServerOptions; client?: Partial<FtpOptions> }>> = {
    'for a server that is not known': { options: { greeting: '220 Ready' } },
    'for a server that takes several commands, but was seen to drop the port': {
      options: { greeting: '220 pyftpdlib 1.5.7 ready.' },
    },
    'in active mode': { client: { mode: 'active' } },
    'where a directory must be entered first': { client: { directory: '/dir' } },
  };
  it.each(Object.keys(cases))('%s', async (which) => {
    const { options, client } = cases[which] ?? {};
    await using at = await stage({ ...client, pipelineLogin: true }, undefined, options);
    expect(await fetched(at.ftp, '/a')).toBe('content of a');
    const login = at.packets.lines.findIndex((lines) => lines.includes('FEAT'));
    expect(at.packets.lines.slice(0, login + 1).flat()).not.toContain('EPSV');
  });

  it('where a command waits first', async () => {
    await using at = await stage();
    const first = observe(at.ftp.pwd$());
    const second = fetched(at.ftp, '/a');
    expect(await first.settled).toEqual(['/']);
    expect(await second).toBe('content of a');
    expect(at.packets.lines.slice(2)).toEqual([learning, ['PWD'], ['TYPE I'], ['EPSV'], ['RETR /a']]);
  });

  it('for a session that must follow the user to his directory', async () => {
    await using at = await stage();
    await observe(at.ftp.cwd$('/dir')).settled;
    void at.server.sessions[0]?.closeControl('rst');
    await at.server.event('control-closed');
    await arrivals();
    at.packets.clear();
    expect(await fetched(at.ftp, 'c')).toBe('c');
    expect(at.packets.lines.slice(2, 4)).toEqual([learning, ['CWD /dir']]);
  });

  it('by connect$, which waits for everything', async () => {
    const features = slowFeatures();
    await using at = await connecting({ ...known, files }, {}, features.script);
    await at.server.received('FEAT');
    await arrivals();
    expect(at.connection.values).toEqual([]);
    features.answer();
    expect((await at.connection.nth(1)).features.has('MLST')).toBe(true);
    expect(at.server.commands.slice(2)).toEqual(learning);
  });
});

describe('leaving while FEAT is not answered yet', () => {
  it('closes the data connection and sends no more; the next operations get their own replies', async () => {
    const features = slowFeatures();
    await using at = await stage({}, features.script);
    const download = observe(at.ftp.retr$('/a'));
    await at.server.event('data-opened');
    download.unsubscribe();
    const pwd = observe(at.ftp.pwd$());
    features.answer();
    expect(await pwd.settled).toEqual(['/']);
    await at.server.event('data-ended');
    expect(await fetched(at.ftp, '/b')).toBe('content of b');
    expect(at.packets.lines.slice(3)).toEqual([['PWD'], ['EPSV'], ['RETR /b']]);
    expect(at.server.sessions).toHaveLength(1);
  });

  it('while commands wait for that reply sends none of those that were left', async () => {
    const features = slowFeatures();
    await using at = await stage({}, features.script);
    const download = observe(at.ftp.retr$('/a'));
    const left = [observe(at.ftp.size$('/a')), observe(at.ftp.dele$('/a'))];
    const kept = observe(at.ftp.size$('/b'));
    await at.server.received('FEAT');
    download.unsubscribe();
    await arrivals();
    for (const one of left) one.unsubscribe();
    features.answer();
    expect(await kept.settled).toEqual([12]);
    expect(at.packets.lines.slice(3).flat()).toEqual(['SIZE /b']);
  });

  it('altogether closes the client all the same', async () => {
    const features = slowFeatures();
    await using at = await stage({ abortTimeoutMs: 50 }, features.script);
    const download = observe(at.ftp.retr$('/a'));
    await at.server.event('data-opened');
    const closed = observe(at.ftp.close$());
    expect(await download.failed).toBeInstanceOf(FtpConnectionError);
    await closed.settled;
    features.answer();
  });
});

describe('when something of the login goes wrong', () => {
  it.each(['whole', 'bytes'] as const)('a wrong password is the one error, as always (%s)', async (chunking) => {
    await using at = await stage({ pipelineLogin: true, maxSessions: 3 }, undefined, {
      ...known,
      chunking,
      users: { me: 'another' },
    });
    const all = [observe(at.ftp.retr$('/a')), observe(at.ftp.retr$('/b')), observe(at.ftp.pwd$())];
    for (const { failed } of all) {
      const error = await failed;
      expect(error).toBeInstanceOf(FtpReplyError);
      expect(error).toMatchObject({ command: 'PASS ***', reply: { code: 530 } });
    }
    expect(at.server.sessions).toHaveLength(1);
    expect(at.packets.lines).toHaveLength(1);
  });

  it('an account is given, and everything asked for again', async () => {
    await using at = await stage({ pipelineLogin: true, account: 'books' }, (server) => {
      server.answer('PASS', '332 Account, please.');
      for (const verb of ['EPSV', 'TYPE', 'FEAT', 'OPTS'])
        server.once(verb, (session) => session.reply('530 Log in first.'));
      server.on('ACCT', (session) => {
        session.state.loggedIn = true;
        return session.reply('230 In.');
      });
    });
    expect(await fetched(at.ftp, '/a')).toBe('content of a');
    const login = ['USER me', 'PASS pass-word', ...prepared];
    expect(at.packets.lines).toEqual([login, ['ACCT books'], prepared, ['RETR /a']]);
  });

  it('a TYPE that was refused fails the transfer that waits for it; the next one asks again', async () => {
    await using at = await stage({}, (server) => server.once('TYPE', (session) => session.reply('504 Not yet.')));
    expect(await observe(at.ftp.retr$('/a')).failed).toMatchObject({ command: 'TYPE I', reply: { code: 504 } });
    expect(await fetched(at.ftp, '/a')).toBe('content of a');
    expect(at.packets.lines.slice(3)).toEqual([['TYPE I'], ['EPSV'], ['RETR /a']]);
  });

  it('an EPSV that was refused is asked for again, and then by PASV', async () => {
    await using at = await stage({}, (server) => server.answer('EPSV', '500 Unknown.'));
    expect(await fetched(at.ftp, '/a')).toBe('content of a');
    expect(at.packets.lines.slice(3)).toEqual([['EPSV'], ['PASV'], ['RETR /a']]);
  });

  it('a FEAT that is refused does not matter', async () => {
    await using at = await stage({}, (server) => server.answer('FEAT', '502 No FEAT.'));
    expect(await observe(at.ftp.entries$('/dir')).settled).toHaveLength(1);
    expect(at.server.commands.at(-1)).toBe('LIST /dir');
  });

  it('a FEAT whose reply cannot be is the end of the connection; the next operation gets another', async () => {
    await using at = await stage({}, (server) => server.once('FEAT', (session) => session.reply('331 Password?')));
    expect(await observe(at.ftp.retr$('/a')).failed).toBeInstanceOf(FtpProtocolError);
    expect(at.server.commands).not.toContain('RETR /a');
    expect(await fetched(at.ftp, '/b')).toBe('content of b');
    expect(at.server.sessions).toHaveLength(2);
  });

  it.each([
    'fin',
    'rst',
  ] as const)('a connection lost before FEAT is answered fails what waits for it, by one login (%s)', async (how) => {
    await using at = await stage({}, (server) => server.once('FEAT', (session) => session.closeControl(how)));
    const both = [observe(at.ftp.retr$('/a')), observe(at.ftp.retr$('/b'))];
    for (const { failed } of both) expect(await failed).toBeInstanceOf(FtpConnectionError);
    expect(at.server.commands).not.toContain('RETR /a');
    expect(at.server.sessions).toHaveLength(1);
  });
});
