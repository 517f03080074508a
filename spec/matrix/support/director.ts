/**
 * Numbers what the sessions of a run's server do, and lets one fault strike at one of these events.
 *
 * Only what happens while it is armed counts. A session that was killed says nothing more; the server goes on in its script
 * without it.
 */
import type { Socket } from 'node:net';
import { byteByByte } from '../../support/chunks.js';
import { eventOrClose, finish, type MoveOutcome, writeAll } from '../../support/scripted/data-moves.js';
import type { Session } from '../../support/scripted-server.js';
import { type MatrixEvent, type Role, roleOf } from './events.js';
import type { Fault } from './faults.js';
import type { Operation } from './operation.js';

export interface Strike {
  readonly fault: Fault;
  readonly at: number;
}

const pieces = 3;
/** So many bytes go one by one, and the last of a line: each takes two turns of an event loop that many runs share. */
const slowBytes = 12;
/** The first command after an operation; it ends the events of the run. */
const probeVerb = 'HELP';

export class Director {
  readonly events: MatrixEvent[] = [];
  /** Called just before each event. */
  onEvent: (event: MatrixEvent) => void = () => undefined;
  onUnsubscribe: () => void = () => undefined;
  readonly #strike: Strike | undefined;
  readonly #dead = new Set<Session>();
  /** Sessions that have refused a transfer instead of beginning it: they say nothing more of it. */
  readonly #refused = new Set<Session>();
  readonly #verbs = new Map<Session, string>();
  #armed = false;

  readonly #loggingIn: boolean;
  readonly #holds: boolean;

  /** Of an operation that is left, the server sends the first piece and waits for the client to leave. */
  constructor({ group }: Pick<Operation, 'group'>, strike?: Strike) {
    this.#loggingIn = group === 'login';
    this.#holds = group === 'abort';
    this.#strike = strike;
  }

  /** Whether the fault has struck. */
  struck = false;

  arm(): void {
    this.#armed = true;
  }

  disarm(): void {
    this.#armed = false;
  }

  /** The command that the session answers from now on. */
  answers(session: Session, verb: string): void {
    this.#verbs.set(session, verb);
    this.#refused.delete(session);
    if (verb === probeVerb) this.disarm();
  }

  /** Takes over what a session does. */
  direct(session: Session): void {
    const { rawData, data, upgrade } = session;
    session.reply = (...replies) => this.#reply(session, replies);
    session.upgrade = (options) => this.#upgrade(session, () => upgrade.call(session, options));
    session.rawData = () => this.#accept(session, () => rawData.call(session));
    session.data = () => this.#secure(session, () => data.call(session));
    session.sendData = (bytes) => this.#send(session, Buffer.from(bytes));
    const receive = session.receiveData;
    session.receiveData = () => this.#receive(session, (received) => receive.call(session, received));
  }

  /** The fault that strikes now. */
  #event(session: Session, role: Role, what: string): Fault | undefined {
    if (!this.#armed || this.#dead.has(session)) return undefined;
    const event = { at: this.events.length + 1, role, verb: this.#verb(session), what };
    this.events.push(event);
    this.onEvent(event);
    if (event.at !== this.#strike?.at) return undefined;
    this.struck = true;
    const { fault } = this.#strike;
    if (fault.unsubscribe === true) this.onUnsubscribe();
    return fault;
  }

  #verb(session: Session): string {
    return this.#verbs.get(session) ?? '';
  }

  #reply(session: Session, replies: readonly string[]): Promise<void> {
    if (this.#dead.has(session) || this.#refused.has(session)) return Promise.resolve();
    let sent: Promise<void> = Promise.resolve();
    for (const reply of replies) sent = this.#replyOnce(session, reply.split('\r\n'));
    return sent;
  }

  #replyOnce(session: Session, lines: readonly string[]): Promise<void> {
    const role = roleOf(this.#verb(session), lines.at(-1) ?? '', this.#loggingIn);
    for (const [index, line] of lines.entries()) {
      const fault = this.#event(session, index === lines.length - 1 ? role : 'inner', line);
      if (fault?.death !== undefined) return this.#die(session, fault, lines.slice(0, index));
      if (fault?.lines !== undefined) return this.#change(session, role, fault.lines(lines, index));
      if (fault?.slowly === true) return this.#writeSlowly(session, lines, index);
    }
    return this.#write(session, lines);
  }

  #change(session: Session, role: Role, lines: readonly string[]): Promise<void> {
    const sent = this.#write(session, lines);
    if (role !== 'begin' || !/^[45]/.test(lines[0] ?? '')) return sent;
    this.#refused.add(session);
    return sent.then(() => session.link?.reset());
  }

  #write(session: Session, lines: readonly string[]): Promise<void> {
    session.record('reply', { text: lines.join(' | '), secure: session.secure });
    return session.replyRaw(textOf(lines), 'whole');
  }

  /** That line one byte at a time. */
  #writeSlowly(session: Session, lines: readonly string[], at: number): Promise<void> {
    session.record('reply', { text: lines.join(' | '), secure: session.secure });
    const [first, line, rest] = [lines.slice(0, at), lines.slice(at, at + 1), lines.slice(at + 1)].map(textOf);
    const bytes = Buffer.from(line ?? '');
    const middle = [...byteByByte(bytes.subarray(0, -4)).slice(0, slowBytes), bytes.subarray(slowBytes, -4)];
    const last = byteByByte(bytes.subarray(-4));
    const chunks = [Buffer.from(first ?? ''), ...middle, ...last, Buffer.from(rest ?? '')];
    return session.replyRaw(
      '',
      chunks.filter(({ length }) => length > 0),
    );
  }

  async #die(session: Session, { death, farewell }: Fault, first: readonly string[] = []): Promise<void> {
    this.#dead.add(session);
    const last = [...first, ...(farewell === undefined ? [] : [farewell])];
    if (last.length > 0) void this.#write(session, last);
    if (death === 'silence') return;
    void session.closeControl(death);
    if (death === 'rst') session.link?.reset();
    else await endRaw(session);
  }

  async #upgrade(session: Session, upgrade: () => Promise<boolean>): Promise<boolean> {
    const fault = this.#event(session, 'handshake', 'TLS of the control connection');
    if (fault?.death === undefined) return upgrade();
    await this.#die(session, fault);
    return false;
  }

  async #accept(session: Session, accept: () => ReturnType<Session['rawData']>): ReturnType<Session['rawData']> {
    const socket = await accept();
    const fault = this.#event(session, 'accept', 'the data connection');
    if (fault?.death !== undefined) await this.#die(session, fault);
    if (fault?.data === 'reset') session.link?.reset();
    if (fault?.data === 'silence') this.#stillAt.add(session);
    return socket;
  }

  async #secure(session: Session, secure: () => ReturnType<Session['data']>): ReturnType<Session['data']> {
    const { link } = session;
    if (link?.isProtected !== true || this.#shaken.has(link)) return secure();
    this.#shaken.add(link);
    const fault = this.#event(session, 'handshake', 'TLS of the data connection');
    if (fault?.death !== undefined) await this.#die(session, fault);
    if (this.#stands(session)) {
      const raw = await link.raw();
      raw.resume();
      await eventOrClose(raw, 'end');
      raw.destroy();
      throw new Error('the client has left');
    }
    return secure();
  }

  /** The links whose handshake was counted. */
  readonly #shaken = new Set<unknown>();

  #stands(session: Session): boolean {
    return this.#dead.has(session) || this.#stillAt.has(session);
  }

  /** Sessions whose data connection stands still. */
  readonly #stillAt = new Set<Session>();

  async #send(session: Session, bytes: Buffer): Promise<MoveOutcome> {
    if (this.#refused.has(session)) return 'done';
    const socket = await session.data();
    if (this.#stands(session)) return standStill(socket);
    const size = Math.ceil(bytes.length / pieces);
    for (let from = 0; from < bytes.length; from += size) {
      const piece = bytes.subarray(from, from + size);
      const fault = this.#event(session, 'piece', `${piece.length} bytes from ${from}`);
      if (fault?.death !== undefined || fault?.data !== undefined) return this.#breakOff(session, fault, socket);
      const chunks =
        fault?.slowly === true ? [...byteByByte(piece.subarray(0, slowBytes)), piece.subarray(slowBytes)] : [piece];
      if ((await writeAll(socket, chunks)) === 'broken') return 'broken';
      if (this.#holds) return standStill(socket);
    }
    const fault = this.#event(session, 'end', 'the end of the data');
    if (fault?.death !== undefined || fault?.data !== undefined) return this.#breakOff(session, fault, socket);
    return finish(socket);
  }

  async #breakOff(session: Session, fault: Fault, socket: Socket): Promise<MoveOutcome> {
    if (fault.death !== undefined) await this.#die(session, fault);
    if (fault.death !== undefined || fault.data === 'silence') return standStill(socket);
    if (fault.data === 'cut') return finish(socket);
    if (fault.data === 'torn') return endRaw(session);
    if (fault.data === 'more') return (await writeAll(socket, [Buffer.from('more\r\n')])) && finish(socket);
    session.link?.reset();
    return 'broken';
  }

  async #receive(session: Session, receive: (received: (chunk: Buffer) => void) => ReturnType<Session['receiveData']>) {
    let total = 0;
    if (this.#refused.has(session)) return { bytes: Buffer.alloc(0), outcome: 'done' as const };
    if (this.#stands(session)) await standStill(await session.data());
    let isReset = false;
    const taken = await receive((chunk) => {
      if (total === 0) {
        const fault = this.#event(session, 'taken', 'the first bytes');
        if (fault?.death !== undefined) void this.#die(session, fault);
        isReset = fault?.data === 'reset';
        if (isReset) session.link?.reset();
      }
      total += chunk.length;
    });
    // All of it may have come before the reset.
    return isReset ? { ...taken, outcome: 'broken' as const } : taken;
  }
}

/** Moves nothing until the client leaves. */
async function standStill(socket: Socket): Promise<MoveOutcome> {
  socket.resume();
  await eventOrClose(socket, 'end');
  socket.destroy();
  return 'broken';
}

/** FIN of TCP, without TLS's own end. */
async function endRaw(session: Session): Promise<MoveOutcome> {
  const link = session.link;
  if (link === undefined) return 'done';
  link.close();
  const raw = await link.raw().catch(() => undefined);
  raw?.end();
  return 'done';
}

const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\r\n`).join('');
