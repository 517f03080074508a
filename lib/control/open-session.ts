/** Opens one control connection and logs in; no other module makes control connections. */
import type { Socket } from 'node:net';
import { asNotSent, FtpConnectionError, FtpError, FtpUsageError } from '../errors.js';
import type { Cancellation } from '../net/cancellation.js';
import { type Connection, destroyUnheard, peerOf } from '../net/connection.js';
import { connectWithin, isDirect } from '../net/connector.js';
import { TimerPool } from '../net/timer-pool.js';
import { connectFailure, isPortInUse } from './connect-errors.js';
import { ControlChannel } from './control-channel.js';
import { ControlSession, type SessionOwner } from './control-session.js';
import { FtpEvents } from './events.js';
import { silentOption } from './identify.js';
import { Learned } from './learned.js';
import { login } from './login.js';
import { ReadBuffer } from './read-buffer.js';
import { RoundTrip } from './round-trip.js';
import type { SessionSettings } from './settings.js';
import type { WantedState } from './user-state.js';

export interface OpenOptions {
  readonly settings: SessionSettings;
  readonly wanted: WantedState;
  /** The owner, which gives the session work; without one, only the session's own subscribers do. */
  readonly owner?: SessionOwner;
  /** Told as soon as there is a session to watch, before the login. */
  readonly onOpened?: (session: ControlSession) => void;
}

function alone({ clock }: SessionSettings): SessionOwner {
  const events = new FtpEvents(clock);
  return {
    onFree: () => {},
    nextKind: () => undefined,
    learned: new Learned(),
    events,
    number: () => 1,
    yielding: new Set(),
  };
}

/**
 * Resolves with a session that is ready. When `signal` aborts, the attempt ends and the connection is closed.
 *
 * A server that leaves an optional command of the login unanswered is met once more, without that command.
 */
export async function openSession(options: OpenOptions, signal: Cancellation): Promise<ControlSession> {
  const { owner = alone(options.settings) } = options;
  try {
    return await attempt(options, owner, signal);
  } catch (error) {
    const silent = silentOption(error, options.settings);
    if (silent === undefined || signal.aborted || !owner.learned.doWithout(silent)) throw error;
    owner.events.tell(0, { type: 'fallback', what: silent, to: 'a new session without it' });
    return openSession({ ...options, owner }, signal);
  }
}

async function attempt(options: OpenOptions, owner: SessionOwner, signal: Cancellation): Promise<ControlSession> {
  const { settings, wanted, onOpened } = options;
  const readBuffer = readBufferFor(settings);
  const number = owner.number();
  owner.events.tell(number, { type: 'connecting', host: settings.host, port: settings.port });
  const roundTrip = new RoundTrip();
  const connected = roundTrip.start();
  const connection = await connectControl(settings, signal, readBuffer).catch((cause: FtpError) => {
    owner.events.tell(number, { type: 'closed', cause });
    throw cause;
  });
  // Through a proxy it was no TCP connect to the server. It may have taken longer than the way, as the login's replies may.
  if (settings.proxy === undefined) connected();
  else roundTrip.measured(0);
  const channel = new ControlChannel(connection.stream, settings, readBuffer, {
    learned: owner.learned,
    roundTrip,
    number,
    onEvent: (event) => owner.events.tell(number, event),
  });
  const session = new ControlSession(channel, settings, wanted, owner, number);
  session.peer = peerOf(connection);
  session.tell({ type: 'connected' });
  const onAbort = (): void => channel.close(abandoned());
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort);
  try {
    onOpened?.(session);
    await login(session, signal);
    return session;
  } catch (error) {
    channel.close(error instanceof FtpError ? error : abandoned(error));
    throw error instanceof FtpError ? asNotSent(error) : error;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Another connector may have to read itself, from a proxy, and so has what is laid under TLS that can be taken off again. */
function readBufferFor({ connector, allowCcc }: SessionSettings): ReadBuffer | undefined {
  return isDirect(connector) && !allowCcc ? new ReadBuffer() : undefined;
}

async function connectControl(
  settings: SessionSettings,
  signal: Cancellation,
  readBuffer: ReadBuffer | undefined,
): Promise<Connection> {
  const { host, port, family, localAddress, localPort, connectTimeoutMs: ms, connector, clock } = settings;
  const timers = new TimerPool(clock.now);
  const endpoint = { host, port, channel: 'control', family, localAddress, onread: readBuffer?.onread } as const;
  try {
    const connection = await fromLocalPort(localPort, (from) =>
      connectWithin({ ms, timers }, signal, connector, { ...endpoint, localPort: from }),
    );
    requireActiveAddress(settings, connection);
    return connection;
  } catch (error) {
    throw connectFailure(error, endpoint, { afterMs: ms, localPort, proxy: settings.proxy });
  } finally {
    timers.close();
  }
}

/** In active mode the server needs an address of this machine; not each stream of a connector has one. */
function requireActiveAddress({ mode, activeAddress }: SessionSettings, { stream }: Connection): void {
  // A socket that is closed already has none any more: the login tells of that.
  if (mode !== 'active' || activeAddress !== undefined || stream.destroyed) return;
  if (typeof (stream as Partial<Socket>).localAddress === 'string') return;
  destroyUnheard(stream);
  throw new FtpUsageError(
    "In active mode the server must be told an address of this machine, and the stream that the connector gives has no localAddress: set activeAddress, or mode: 'passive'.",
  );
}

/** The number of ports after the first one that may be in use. */
const MOST_PORTS_IN_USE = 100;

/** Connects from the first port that is not in use, from `first` on; from any where none is given. */
async function fromLocalPort(
  first: number | undefined,
  connect: (localPort: number | undefined) => Promise<Connection>,
): Promise<Connection> {
  if (first === undefined) return connect(undefined);
  const last = Math.min(first + MOST_PORTS_IN_USE, 65_535);
  for (let port = first; ; port += 1) {
    try {
      return await connect(port);
    } catch (error) {
      if (port >= last || !isPortInUse(error)) throw error;
    }
  }
}

function abandoned(cause?: unknown): FtpConnectionError {
  return new FtpConnectionError('The client gave up the login.', { channel: 'control', phase: 'login', cause });
}
