/**
 * Proves the real servers themselves, by raw sockets: that each starts as asked, serves what the other interop specs and
 * the benches count on, and leaves nothing. Nothing of the library is used here.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { endAfterEach } from '../support/endings.js';
import { describeServers } from '../support/real-servers/describe-servers.js';
import { abilities, isInstalled, serverNames } from '../support/real-servers/installed.js';
import { endSession, sessionMembers } from '../support/real-servers/process-session.js';
import { RawDialogue } from '../support/real-servers/raw-dialogue.js';
import type { RealServer, ServerName, ServerOptions } from '../support/real-servers/real-server.js';
import { startServer } from '../support/real-servers/start-server.js';

const endLater = endAfterEach();

async function start(name: ServerName, options?: ServerOptions): Promise<RealServer> {
  const server = await startServer(name, options);
  endLater(() => server.stop());
  return server;
}

async function greeted(server: RealServer): Promise<RawDialogue> {
  const dialogue = await RawDialogue.open(server);
  endLater(() => dialogue.close());
  expect(await dialogue.reply()).toMatch(/^220/);
  return dialogue;
}

async function loggedIn(server: RealServer): Promise<RawDialogue> {
  const dialogue = await greeted(server);
  expect(await dialogue.login()).toMatch(/^230/);
  return dialogue;
}

/** Logged in over TLS, data connections private, whatever the mode. */
async function secured(server: RealServer, mode: 'explicit' | 'implicit', open = RawDialogue.open(server)) {
  const dialogue = await open;
  endLater(() => dialogue.close());
  if (mode === 'explicit') {
    await dialogue.reply();
    expect(await dialogue.command('AUTH TLS')).toMatch(/^234/);
  }
  await dialogue.secure();
  if (mode === 'implicit') expect(await dialogue.reply()).toMatch(/^220/);
  expect(await dialogue.login()).toMatch(/^230/);
  expect(await dialogue.command('PBSZ 0')).toMatch(/^200/);
  expect(await dialogue.command('PROT P')).toMatch(/^200/);
  await dialogue.command('TYPE I');
  return dialogue;
}

describeServers(serverNames, (name) => {
  const able = abilities[name];

  if (able.promptRefusal)
    it('refuses a wrong password', async () => {
      expect(await (await greeted(await start(name))).login('wrong')).toMatch(/^530/);
    });

  it('greets, logs in and says what it can', async () => {
    const server = await start(name);
    const dialogue = await loggedIn(server);
    expect(await dialogue.command('PWD')).toContain(`"${server.home}"`);
    expect(/MLST/.test(await dialogue.command('FEAT'))).toBe(able.mlsd);
  });

  it('serves what lies in its root and takes what is sent', async () => {
    const server = await start(name);
    writeFileSync(join(server.root, 'a.txt'), 'hello');
    const dialogue = await loggedIn(server);
    await dialogue.command('TYPE I');
    expect(await dialogue.command('SIZE a.txt')).toBe('213 5\r\n');
    expect(await dialogue.download('RETR a.txt')).toBe('hello');
    expect(await dialogue.download('REST 3', 'RETR a.txt')).toBe('lo');
    await dialogue.upload('one', 'STOR b.txt');
    await dialogue.upload(' two', 'APPE b.txt');
    await dialogue.upload('2', 'REST 4', 'STOR b.txt');
    expect(readFileSync(join(server.root, 'b.txt'), 'utf8')).toMatch(/^one 2(wo)?$/);
    await dialogue.command('RNFR b.txt');
    expect(await dialogue.command('RNTO c.txt')).toMatch(/^250/);
    expect(await dialogue.command('MKD d')).toMatch(/^257/);
    expect(await dialogue.download(able.mlsd ? 'MLSD' : 'LIST')).toMatch(/a\.txt\r?\n/);
    expect(await dialogue.command('DELE c.txt')).toMatch(/^250/);
    expect(await dialogue.command('RMD d')).toMatch(/^250/);
  });

  it('takes 210 connections one after the other, and ten at once', async () => {
    const server = await start(name, { logCommands: false, inetd: true });
    for (let n = 0; n < 210; n++) (await greeted(server)).close();
    await Promise.all(Array.from({ length: 10 }, () => loggedIn(server)));
  });

  it('listens on ::1', async () => {
    const server = await start(name, { bindAddress: '::1' });
    writeFileSync(join(server.root, 'a.txt'), 'hello');
    expect(await (await loggedIn(server)).download('RETR a.txt')).toBe('hello');
  });

  it('starts again on its port, with its files', async () => {
    const server = await start(name);
    const { pid } = server;
    await (await loggedIn(server)).upload('kept', 'STOR kept.txt');
    await server.restart();
    expect(sessionMembers(pid)).toEqual([]);
    expect(await (await loggedIn(server)).download('RETR kept.txt')).toBe('kept');
  });

  it('leaves no process and no file', async () => {
    const server = await start(name);
    await loggedIn(server);
    expect(sessionMembers(server.pid)).not.toEqual([]);
    await server.stop();
    expect(sessionMembers(server.pid)).toEqual([]);
    expect(existsSync(dirname(server.root))).toBe(false);
  });

  describe.each(['explicit', 'implicit'] as const)('%s TLS', (tls) => {
    if (!(tls === 'explicit' ? able.explicitTls : able.implicitTls)) {
      it('is refused as something it cannot do', () => expect(startServer(name, { tls })).rejects.toThrow(/has no/));
      return;
    }

    it.each(['1.2', '1.3'] as const)('moves files with version %s', async (tlsVersion) => {
      const server = await start(name, { tls, tlsVersion });
      const dialogue = await secured(server, tls);
      expect(dialogue.session?.getProtocol()).toBe(`TLSv${tlsVersion}`);
      await dialogue.upload('hello', 'STOR a.txt');
      expect(await dialogue.download('RETR a.txt')).toBe('hello');
    });
  });

  if (able.explicitTls)
    it('shows a certificate of another host, or an expired one', async () => {
      const wrong = await start(name, { tls: 'explicit', certificate: 'other-host' });
      await expect(secured(wrong, 'explicit')).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
      const old = await start(name, { tls: 'explicit', certificate: 'expired' });
      await expect(secured(old, 'explicit')).rejects.toMatchObject({ code: 'CERT_HAS_EXPIRED' });
    });

  if (able.explicitTls)
    it('insists on TLS only if asked', async () => {
      const lenient = await start(name, { tls: 'explicit' });
      await loggedIn(lenient);
      const strict = await start(name, { tls: 'explicit', tlsRequired: true });
      expect(await (await greeted(strict)).command('USER rxftp-test')).toMatch(/^[45]/);
    });

  if (able.sessionReuse)
    it('insists on session reuse unless told otherwise', async () => {
      const server = await start(name, { tls: 'explicit' });
      writeFileSync(join(server.root, 'a.txt'), 'hello');
      const dialogue = await secured(server, 'explicit');
      dialogue.resumes = false;
      await expect(dialogue.download('RETR a.txt')).rejects.toThrow(/received (522|425)/);
      const lenient = await start(name, { tls: 'explicit', requireReuse: false });
      writeFileSync(join(lenient.root, 'a.txt'), 'hello');
      const careless = await secured(lenient, 'explicit');
      careless.resumes = false;
      expect(await careless.download('RETR a.txt')).toBe('hello');
    });

  if (able.clientCertificates)
    it('insists on a client certificate if asked', async () => {
      const server = await start(name, { tls: 'explicit', requireClientCertificate: true });
      await secured(server, 'explicit');
      const { client: _, ...without } = server;
      await expect(secured(server, 'explicit', RawDialogue.open(without))).rejects.toThrow();
    });
});

describe.runIf(isInstalled('vsftpd'))('a process that dies without stopping its server', () => {
  it('takes the server with it', async () => {
    const module = fileURLToPath(new URL('../support/real-servers/start-server.ts', import.meta.url));
    const program = `import { startServer } from ${JSON.stringify(module)};
      const { pid, root } = await startServer('vsftpd');
      console.log(JSON.stringify({ pid, root }));
      setInterval(() => {}, 1000);`;
    const owner = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program]);
    endLater(() => owner.kill('SIGKILL'));
    const [line] = await once(owner.stdout, 'data', { signal: AbortSignal.timeout(10_000) });
    const { pid, root } = JSON.parse(String(line)) as { pid: number; root: string };
    endLater(() => endSession(pid));
    owner.kill('SIGKILL');
    await expect.poll(() => sessionMembers(pid), { timeout: 5000, interval: 10 }).toEqual([]);
    expect(existsSync(root)).toBe(false);
  });
});
