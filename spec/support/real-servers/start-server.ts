/**
 * Starts real FTP servers on loopback, any number at once, and ends them with all they left.
 *
 * Nothing is shared between two servers, nor with another process that starts some: a directory, ports and a certificate
 * authority for each. For specs and benches alike: no vitest here.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { account, requireAccountIds } from './account.js';
import { inetutils } from './inetutils.js';
import { abilities, isInstalled } from './installed.js';
import { claimPorts } from './port-block.js';
import { endSession, listens, type Session, startSession } from './process-session.js';
import { proftpd } from './proftpd.js';
import { pureFtpd } from './pure-ftpd.js';
import { pyftpdlib } from './pyftpdlib.js';
import type { RealServer, ServerName, ServerOptions, ServerProgram, ServerSetting } from './real-server.js';
import { prepareTls } from './run-tls.js';
import { vsftpd } from './vsftpd.js';

const run = promisify(execFile);
const startTimeoutMs = 15_000;

const programs: Readonly<Record<ServerName, (setting: ServerSetting) => ServerProgram>> = {
  vsftpd,
  proftpd,
  'pure-ftpd': pureFtpd,
  pyftpdlib,
  inetutils,
};

/** Starts a server and comes back when it listens. */
export async function startServer(name: ServerName, options: ServerOptions = {}): Promise<RealServer> {
  if (!isInstalled(name)) throw new Error(`${name} is not installed: run \`bash .ci/install-servers\` as root`);
  refuseImpossible(name, options);
  const ports = await claimPorts();
  const directory = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), `rxftp-${name}-`));
  const cleanUp = async (): Promise<void> => {
    ports.release();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const tls = await prepareTls(directory, options);
    const setting: ServerSetting = {
      directory,
      root: await prepareRoot(directory, options.root),
      host: options.bindAddress ?? '127.0.0.1',
      port: ports.control,
      passivePorts: ports.passive,
      tls: tls?.server,
      options,
    };
    const clock = options.clock === undefined ? {} : { TZ: options.clock };
    const program = await prepareProgram(name, setting);
    const start = (): Promise<Launched> => launch(setting, program, { ...tls?.environment, ...clock });
    let launched = await start();
    return {
      ...{ name, host: setting.host, port: setting.port, user: account.user, password: account.password },
      ...{ root: setting.root, home: abilities[name].changesRoot ? '/' : setting.root },
      get pid() {
        return launched.pid;
      },
      log: () => launched.log(),
      ...(tls === undefined ? {} : { ca: tls.ca }),
      ...(tls?.client === undefined ? {} : { client: tls.client }),
      adopt: () => adopt(setting.root),
      restart: async () => {
        await endSession(launched.pid);
        launched = await start();
      },
      stop: async () => {
        await endSession(launched.pid);
        await cleanUp();
      },
    };
  } catch (error) {
    await cleanUp();
    throw error;
  }
}

function refuseImpossible(name: ServerName, options: ServerOptions): void {
  const able = abilities[name];
  const lacking = [
    options.tls === 'explicit' && !able.explicitTls && 'explicit TLS',
    options.tls === 'implicit' && !able.implicitTls && 'implicit TLS',
    options.requireReuse === true && !able.sessionReuse && 'required session reuse',
    options.requireClientCertificate === true && !able.clientCertificates && 'client certificates',
  ].filter((text) => text !== false);
  if (lacking.length > 0) throw new Error(`${name} has no ${lacking.join(' and no ')}`);
}

// A server that keeps the system's root says where the real directory is, not a link to it.
async function prepareRoot(directory: string, given: string | undefined): Promise<string> {
  await chmod(directory, 0o755);
  const root = given ?? join(directory, 'root');
  await mkdir(root, { recursive: true });
  await adopt(root);
  return realpath(root);
}

async function adopt(root: string): Promise<void> {
  const { uid, gid } = requireAccountIds();
  await run('chown', ['-R', `${uid}:${gid}`, root]);
}

interface Launched {
  readonly pid: number;
  log(): string;
}

interface NamedProgram extends ServerProgram {
  readonly name: ServerName;
}

/** Writes what the server needs before it starts for the first time. */
async function prepareProgram(name: ServerName, setting: ServerSetting): Promise<NamedProgram> {
  const program = programs[name](setting);
  for (const [path, text] of Object.entries(program.files ?? {})) await writeFile(path, text, { mode: 0o600 });
  const [prepare, ...args] = program.prepare ?? [];
  if (prepare !== undefined) await run(prepare, args);
  return { ...program, name };
}

async function launch(
  setting: ServerSetting,
  program: NamedProgram,
  environment: Readonly<Record<string, string>>,
): Promise<Launched> {
  const { directory, port, options } = setting;
  const output = join(directory, 'output.log');
  const session = await startSession({
    command: program.command,
    prefix: options.commandPrefix ?? [],
    directory,
    workingDirectory: program.workingDirectory ?? directory,
    environment: { ...environment, ...program.environment },
    output,
  });
  const logs = [output, ...(program.logFile === undefined ? [] : [program.logFile])];
  const log = (): string => logs.map((path) => (existsSync(path) ? readFileSync(path, 'utf8') : '')).join('');
  await untilListening(session, port, () => new Error(`${program.name} did not start: ${log()}`));
  return { pid: session.pid, log };
}

/**
 * Looks at the kernel's table again and again, for 15 s at most: no event tells that another process listens. A connection would
 * tell it too, but be a session that the server logs and counts.
 */
export async function untilListening(session: Session, port: number, failure: () => Error): Promise<void> {
  const deadline = Date.now() + startTimeoutMs;
  while (!listens(session.pid, port)) {
    if (Date.now() > deadline || session.hasEnded()) {
      await endSession(session.pid);
      throw failure();
    }
    await delay(5);
  }
}
