/** The limits of a window: how many commands and bytes are unanswered at a time, and when the next ones follow. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { FtpSession } from '../../lib/client/ftp-session.js';
import { type Observation, observe } from '../support/observe.js';
import { Random } from '../support/random.js';
import { connected, Latch } from './support/connected.js';
import { Packets } from './support/packets.js';
import { files, known, observeAll, settled, windowed } from './support/windowed.js';

/** The lines that are unanswered at a session, looked at whenever something is written. */
class Unanswered {
  readonly lines: string[] = [];
  /** The most there ever were. */
  commands = 0;
  bytes = 0;
  readonly packets: Packets = new Packets((packet) => this.#onSent(packet));

  follow(ftp: FtpSession): void {
    this.lines.length = 0;
    ftp.reply$.subscribe(() => this.lines.shift());
  }

  #onSent(packet: string): void {
    expect(packet).toMatch(/\r\n$/);
    this.lines.push(...packet.split('\r\n').slice(0, -1));
    this.commands = Math.max(this.commands, this.lines.length);
    this.bytes = Math.max(this.bytes, Buffer.byteLength(this.lines.map((line) => `${line}\r\n`).join('')));
  }
}

describe('a window of 32 commands', () => {
  it('is filled again when half of it is answered', async () => {
    const gates = Array.from({ length: 100 }, () => new Latch());
    await using at = await windowed({
      script: (server) =>
        server.on('MKD', async (session, argument) => {
          await gates[Number(argument.slice(2))]?.opened;
          return session.reply(`257 "${argument}" created`);
        }),
    });
    const all = gates.map((_, n) => observe(at.ftp.mkd$(`/d${n}`)));
    const steps: readonly (readonly [answered: number, writes: readonly number[]])[] = [
      [15, [32]],
      [16, [32, 16]],
      [31, [32, 16]],
      [32, [32, 16, 16]],
    ];
    for (const [answered, writes] of steps) {
      for (const gate of gates.slice(0, answered)) gate.open();
      await all[answered - 1]?.settled;
      await nextTurn();
      expect(at.packets.lines.map(({ length }) => length)).toEqual(writes);
    }
    for (const gate of gates) gate.open();
    expect(await settled(all)).toEqual(all.map((_, n) => [`/d${n}`]));
    expect(at.packets.lines.flat()).toEqual(all.map((_, n) => `MKD /d${n}`));
  });

  it('is filled again when all of one write is answered, so that what comes back together stays together', async () => {
    const gates = new Map(['/a', '/b', '/c'].map((path) => [path, new Latch()]));
    await using at = await windowed({
      script: (server) =>
        server.on('MDTM', async (session, argument) => {
          await gates.get(argument)?.opened;
          return session.reply('213 20240203040506');
        }),
    });
    const ask = (path: string, count: number): Observation<unknown>[] =>
      observeAll(...Array.from({ length: count }, () => at.ftp.mdtm$(path)));
    const first = ask('/a', 5);
    await at.server.received('MDTM', 5);
    const rest = [...ask('/b', 27), ...ask('/c', 9)];
    await at.server.received('MDTM', 32);
    expect(at.packets.lines.map(({ length }) => length)).toEqual([5, 27]);
    gates.get('/a')?.open();
    await at.server.received('MDTM', 37);
    expect(at.packets.lines.map(({ length }) => length)).toEqual([5, 27, 5]);
    for (const gate of gates.values()) gate.open();
    await settled([...first, ...rest]);
    expect(at.packets.lines.map(({ length }) => length)).toEqual([5, 27, 5, 4]);
  });
});

describe('a window of 2 KiB', () => {
  it.each([
    ['whole', 1_000, 700],
    // Each byte of a reply is a turn of the event loop.
    ['bytes', 150, 300],
  ] as const)('is never exceeded by random commands, nor are 32 of them and a TYPE (replies come by %s)', async (chunking, count, longest) => {
    const random = new Random();
    const unanswered = new Unanswered();
    const { packets } = unanswered;
    await using at = await connected({ files, ...known, chunking }, { connector: packets.connector });
    packets.clear();
    unanswered.follow(at.ftp);
    const names = Array.from(
      { length: count },
      (_, n) => `/${n}${'x'.repeat(random.below(random.pick([10, 60, longest])))}`,
    );
    const all = names.map((name, n) => {
      const source: Observable<unknown> =
        n % 3 === 0 ? at.ftp.mkd$(name) : n % 3 === 1 ? at.ftp.size$(name) : at.ftp.dele$(name);
      return observe(source);
    });
    for (const [n, one] of all.entries()) {
      if (n % 3 === 0) expect(await one.settled).toEqual([names[n]]);
      else expect(await one.failed).toMatchObject({ command: `${n % 3 === 1 ? 'SIZE' : 'DELE'} ${names[n]}` });
    }
    const sent = packets.lines.flat();
    expect(sent.filter((line) => line !== 'TYPE I')).toEqual(
      names.map((name, n) => `${['MKD', 'SIZE', 'DELE'][n % 3]} ${name}`),
    );
    expect(sent.filter((line) => line === 'TYPE I')).toHaveLength(1);
    expect(unanswered.commands, `seed ${random.seed}`).toBeLessThanOrEqual(33);
    expect(unanswered.commands, `seed ${random.seed}`).toBeGreaterThan(16);
    expect(unanswered.bytes, `seed ${random.seed}`).toBeLessThanOrEqual(2048);
    expect(unanswered.lines).toEqual([]);
  });

  it('counts bytes and not characters, and lets a longer command go alone', async () => {
    await using at = await windowed();
    const wide = `/${'ü'.repeat(600)}`;
    const long = `/${'y'.repeat(3000)}`;
    const all = observeAll(...[wide, wide, long, '/a', '/b'].map((path) => at.ftp.mdtm$(path)));
    await Promise.all(all.map(({ ended }) => ended));
    expect(at.packets.lines).toEqual([[`MDTM ${wide}`], [`MDTM ${wide}`], [`MDTM ${long}`], ['MDTM /a', 'MDTM /b']]);
  });
});
