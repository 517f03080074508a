/**
 * Starts real proxies on loopback: microsocks (SOCKS5) and tinyproxy (CONNECT), with a user and a password or without. They end with
 * all they left. `.ci/install-servers` unpacks them.
 */
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverFile } from './installed.js';
import { claimPorts } from './port-block.js';
import { endSession, startSession } from './process-session.js';
import { untilListening } from './start-server.js';

export type ProxyName = 'microsocks' | 'tinyproxy';

export const proxyNames: readonly ProxyName[] = ['microsocks', 'tinyproxy'];

export interface ProxyOptions {
  /** Default: none is asked for. */
  readonly login?: { readonly user: string; readonly password: string };
  /** Default 127.0.0.1. */
  readonly host?: string;
}

export interface RealProxy {
  readonly name: ProxyName;
  readonly host: string;
  readonly port: number;
  /** Its output so far. */
  log(): string;
  /** Kills it and removes its files. */
  stop(): Promise<void>;
}

const programs: Readonly<Record<ProxyName, string>> = {
  microsocks: serverFile('usr/bin/microsocks'),
  tinyproxy: serverFile('usr/bin/tinyproxy'),
};

export function isProxyInstalled(name: ProxyName): boolean {
  return existsSync(programs[name]);
}

/** Starts a proxy and comes back when it listens. */
export async function startProxy(
  name: ProxyName,
  { login, host = '127.0.0.1' }: ProxyOptions = {},
): Promise<RealProxy> {
  const ports = await claimPorts();
  const port = ports.control;
  const directory = await mkdtemp(join(tmpdir(), `rxftp-${name}-`));
  const output = join(directory, 'output.log');
  const cleanUp = async (): Promise<void> => {
    ports.release();
    await rm(directory, { recursive: true, force: true });
  };
  const log = (): string => readFileSync(output, 'utf8');
  try {
    const command = await commandFor(name, { directory, host, port, login });
    const options = { command, prefix: [], directory, workingDirectory: directory, environment: {}, output };
    const session = await startSession(options);
    await untilListening(session, port, () => new Error(`${name} did not start: ${log()}`));
    const stop = async (): Promise<void> => {
      await endSession(session.pid);
      await cleanUp();
    };
    return { name, host, port, log, stop };
  } catch (error) {
    await cleanUp();
    throw error;
  }
}

interface ProxySetting {
  readonly directory: string;
  readonly host: string;
  readonly port: number;
  readonly login: ProxyOptions['login'];
}

async function commandFor(name: ProxyName, { directory, host, port, login }: ProxySetting): Promise<string[]> {
  if (name === 'microsocks') {
    const credentials = login === undefined ? [] : ['-u', login.user, '-P', login.password];
    return [programs.microsocks, '-i', host, '-p', String(port), ...credentials];
  }
  // No ConnectPort: any port may be connected to.
  const lines = [
    `Port ${port}`,
    `Listen ${host}`,
    'Timeout 600',
    'MaxClients 100',
    'LogLevel Connect',
    ...(login === undefined ? [] : [`BasicAuth ${login.user} ${login.password}`]),
  ];
  const config = join(directory, 'tinyproxy.conf');
  await writeFile(config, `${lines.join('\n')}\n`, { mode: 0o600 });
  return [programs.tinyproxy, '-d', '-c', config];
}
