import { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { ControlChannel } from '../../lib/control/control-channel.js';
import { FtpConnectionError, FtpProtocolError, FtpSecurityError, FtpUsageError } from '../../lib/errors.js';
import { command } from '../../lib/protocol/command.js';
import { everyChunking } from '../support/chunks.js';
import { observe } from '../support/observe.js';
import { channelOnWire, closing, Reading, settings, Wire } from './support/wire.js';

describe('replies and their owners', () => {
  const conversation = Buffer.from('200 one\r\n211-two\r\n 200 in the middle\r\n211 end\r\n257 "/three"\r\n');

  it('are the same however the bytes are cut', () => {
    for (const chunks of everyChunking(conversation)) {
      const { wire, channel } = channelOnWire();
      const owners = ['NOOP', 'FEAT', 'PWD'].map((verb) => {
        const reading = new Reading(verb);
        channel.send(command(verb), reading);
        return reading;
      });
      for (const chunk of chunks) wire.receive(chunk);
      expect(owners.map(({ texts }) => texts)).toEqual([
        ['200 one'],
        ['211 two\n 200 in the middle\nend'],
        ['257 "/three"'],
      ]);
      expect(channel.cause).toBeUndefined();
      channel.close(closing);
    }
  });

  it('stay with one owner until it has had its last one', () => {
    const { wire, channel } = channelOnWire();
    let missing = 2;
    const first = new Reading('RETR a', { accept: () => (--missing === 0 ? 'over' : 'more') });
    const second = new Reading('NOOP');
    channel.send(command('RETR', 'a'), first);
    channel.send(command('NOOP'), second);
    wire.receive('150 a\r\n226 b\r\n200 c\r\n');
    expect([first.texts, second.texts]).toEqual([['150 a', '226 b'], ['200 c']]);
    expect(wire.sent).toBe('RETR a\r\nNOOP\r\n');
    channel.close(closing);
  });

  it('are shown to everybody, as are commands, until the channel closes', async () => {
    const { wire, channel } = channelOnWire();
    const replies = observe(channel.reply$);
    const commands = observe(channel.command$);
    channel.send(command('PASS', 'geheim'), new Reading('PASS ***'));
    wire.receive('230 in\r\n');
    channel.write(command('NOOP'));
    channel.close(closing);
    channel.write(command('NOOP'));
    expect((await replies.settled).map(({ code }) => code)).toEqual([230]);
    expect(await commands.settled).toEqual(['PASS ***', 'NOOP']);
    expect(wire.sent).toBe('PASS geheim\r\nNOOP\r\n');
  });

  it('are not asked for by text that cannot be sent', () => {
    const { wire, channel } = channelOnWire();
    const unencodable = { verb: 'CWD', line: 'CWD a\nb', masked: 'CWD a' };
    const reading = new Reading('CWD a');
    expect(() => channel.send(unencodable, reading)).toThrow(FtpUsageError);
    const next = new Reading('NOOP');
    channel.send(command('NOOP'), next);
    wire.receive('200 ok\r\n');
    expect([reading.texts, next.texts, wire.sent]).toEqual([[], ['200 ok'], 'NOOP\r\n']);
    channel.close(closing);
  });
});

describe('a reply that nobody can own', () => {
  it('is dropped while nothing is unanswered', () => {
    const { wire, channel, skipped } = channelOnWire();
    wire.receive('250 surprise\r\n');
    expect(channel.cause).toBeUndefined();
    expect(skipped).toEqual(['250 surprise']);
    channel.close(closing);
  });

  it('is one too many at the hundredth and first, or at 64 KiB, between two answers', () => {
    for (const [chunk, times] of [
      ['250 surprise\r\n', 101],
      [`214-a\r\n${`${'x'.repeat(480)}\r\n`.repeat(3)}214 b\r\n`, 46],
      ['\r\n', 101],
    ] as const) {
      const { wire, channel } = channelOnWire();
      for (let count = 1; count < times; count += 1) wire.receive(chunk);
      expect(channel.cause).toBeUndefined();
      wire.receive(chunk);
      expect(channel.cause).toBeInstanceOf(FtpProtocolError);
      expect(wire.destroyed).toBe(true);
    }
  });

  it('counts anew after each answer', () => {
    const { wire, channel } = channelOnWire();
    for (let count = 1; count <= 300; count += 1) {
      if (count % 100 === 0) channel.send(command('NOOP'), new Reading('NOOP'));
      wire.receive('200 ok\r\n');
    }
    expect(channel.cause).toBeUndefined();
    channel.close(closing);
  });

  it('is dropped when it comes in the packet of the real one', () => {
    const { wire, channel, skipped } = channelOnWire();
    const reading = new Reading('CWD /');
    channel.send(command('CWD', '/'), reading);
    wire.receive('250 ok\r\n250 again\r\n');
    expect(reading.texts).toEqual(['250 ok']);
    expect(skipped).toEqual(['250 again']);
    expect(channel.cause).toBeUndefined();
    channel.close(closing);
  });

  it('cannot answer a command that was written after it had arrived', () => {
    const { wire, channel, skipped } = channelOnWire();
    const late = new Reading('PWD');
    const first = new Reading('CWD /', {
      accept: () => {
        channel.send(command('PWD'), late);
        return 'over';
      },
    });
    channel.send(command('CWD', '/'), first);
    wire.receive('250 ok\r\n257 "/wrong"\r\n');
    expect(late.texts).toEqual([]);
    expect(skipped).toEqual(['257 "/wrong"']);
    wire.receive('257 "/right"\r\n');
    expect(late.texts).toEqual(['257 "/right"']);
    channel.close(closing);
  });

  it('is dropped also when it began before the command was written, and ends later', () => {
    const { wire, channel, skipped } = channelOnWire();
    const reading = new Reading('PWD');
    wire.receive('257 "/wr');
    channel.send(command('PWD'), reading);
    wire.receive('ong"\r\n257 "/right"\r\n');
    expect(reading.texts).toEqual(['257 "/right"']);
    expect(skipped).toEqual(['257 "/wrong"']);
    channel.close(closing);
  });

  it('is no line: one that began before the command takes nothing away from the answer behind it', () => {
    const { wire, channel, skipped } = channelOnWire();
    const reading = new Reading('PWD');
    wire.receive('\r');
    channel.send(command('PWD'), reading);
    wire.receive('\n257 "/right"\r\n');
    expect(reading.texts).toEqual(['257 "/right"']);
    expect(skipped).toEqual(['']);
    channel.close(closing);
  });

  it('may be in parts while somebody waits for it', () => {
    const { wire, channel } = channelOnWire();
    const [first, second] = [new Reading('NOOP'), new Reading('PWD')];
    channel.send(command('NOOP'), first);
    wire.receive('200 o');
    channel.send(command('PWD'), second);
    wire.receive('k\r\n257 "/"\r\n');
    expect([first.texts, second.texts]).toEqual([['200 ok'], ['257 "/"']]);
    channel.close(closing);
  });

  it('closes the connection when its owner says that it cannot be his', () => {
    const { wire, channel } = channelOnWire();
    const verdict = new FtpProtocolError('not mine');
    const refusing = new Reading('PWD', {
      accept: () => {
        throw verdict;
      },
    });
    const behind = new Reading('NOOP');
    channel.send(command('PWD'), refusing);
    channel.send(command('NOOP'), behind);
    wire.receive('250 ok\r\n200 ok\r\n');
    expect(channel.cause).toBe(verdict);
    expect([refusing.failures, behind.failures]).toEqual([[verdict], [verdict]]);
    expect(behind.texts).toEqual([]);
  });
});

describe('421', () => {
  it.each([
    ['while nothing is under way', false, 'idle'],
    ['instead of an answer', true, 'command'],
  ] as const)('%s ends the connection', (_when, busy, phase) => {
    const { wire, channel } = channelOnWire();
    const reading = new Reading('NOOP');
    if (busy) channel.send(command('NOOP'), reading);
    wire.receive('421 Timeout\r\n');
    expect(channel.cause).toBeInstanceOf(FtpConnectionError);
    expect(channel.cause).toMatchObject({ phase, channel: 'control', reply: { code: 421 }, transient: true });
    expect(String(channel.cause)).toMatch(/421 Timeout .*keepAliveMs/);
    expect(reading.texts).toEqual([]);
    expect(reading.failures).toEqual(busy ? [channel.cause] : []);
  });

  it('within a reply of many lines is text, and the reply that then breaks off is none', async () => {
    const { wire, channel } = channelOnWire();
    const reading = new Reading('FEAT');
    channel.send(command('FEAT'), reading);
    wire.receive('211-Features\r\n421 Timeout\r\n');
    expect(channel.cause).toBeUndefined();
    wire.push(null);
    const [cause] = await observe(channel.closed$).settled;
    expect(cause).toMatchObject({ channel: 'control', command: 'FEAT', phase: 'command' });
    expect([reading.texts, reading.failures]).toEqual([[], [cause]]);
  });
});

describe('the limits of the grammar', () => {
  it('close the connection', () => {
    const { wire, channel } = channelOnWire();
    const reading = new Reading('HELP');
    channel.send(command('HELP'), reading);
    wire.receive(`214-${'x'.repeat(490)}\r\n`);
    for (let line = 0; line < 5 && channel.cause === undefined; line += 1) wire.receive(`${'y'.repeat(480)}\r\n`);
    expect(channel.cause).toBeInstanceOf(FtpProtocolError);
    expect(reading.failures).toEqual([channel.cause]);
  });

  it('do not take away a reply that came before the fault in the same packet', () => {
    const { wire, channel } = channelOnWire();
    const [first, second] = [new Reading('NOOP'), new Reading('PWD')];
    channel.send(command('NOOP'), first);
    channel.send(command('PWD'), second);
    wire.receive('200 ok\r\n257 \0\r\n');
    expect(first.texts).toEqual(['200 ok']);
    expect(second.failures).toEqual([channel.cause]);
    expect(channel.cause).toBeInstanceOf(FtpProtocolError);
    expect(channel.cause?.message).toContain('NUL');
  });
});

describe('an exchange that replaces the socket', () => {
  it.each(['230 Logged in\r\n', '2', 'garbage\r\n'])('admits nothing after its reply: %j', (injected) => {
    const { wire, channel } = channelOnWire();
    const reading = new Reading('AUTH TLS', { mustReplaceSocket: true });
    channel.send(command('AUTH', 'TLS'), reading);
    wire.receive(`234 go\r\n${injected}`);
    expect(channel.cause).toBeInstanceOf(FtpSecurityError);
    expect(channel.cause?.command).toBe('AUTH TLS');
  });

  it('is undisturbed by what came before its reply was complete', () => {
    const { wire, channel } = channelOnWire();
    const reading = new Reading('AUTH TLS', { mustReplaceSocket: true });
    channel.send(command('AUTH', 'TLS'), reading);
    wire.receive('234 g');
    wire.receive('o\r\n');
    expect(reading.texts).toEqual(['234 go']);
    expect(channel.cause).toBeUndefined();
    channel.close(closing);
  });
});

describe('secrets', () => {
  it('are masked in the login that sends them and in every later refusal', () => {
    const { wire, channel } = channelOnWire();
    const seen = observe(channel.reply$);
    const pass = new Reading('PASS ***', { secrets: ['hunter2'] });
    channel.send(command('PASS', 'hunter2'), pass);
    wire.receive('230 hello hunter2\r\n');
    const site = new Reading('SITE X');
    channel.send(command('SITE', 'X'), site);
    wire.receive('500 hunter2 may not\r\n');
    expect([pass.texts, site.texts]).toEqual([['230 hello ***'], ['500 *** may not']]);
    expect(seen.values.map(({ text }) => text)).toEqual(['hello ***', '*** may not']);
    expect(seen.values.map(({ lines }) => lines)).toEqual([['hello ***'], ['*** may not']]);
    channel.close(closing);
  });

  it.each([
    ['that only says "done"', 'NOOP', '200 ok hunter2'],
    ['that is impossible here', 'PWD', '230 ok hunter2'],
    ['before its command', undefined, '257 "hunter2"'],
    ['that asks for more', 'RNFR', '350 hunter2?'],
  ])('are masked in a reply %s', (_what, verb, line) => {
    const { wire, channel } = channelOnWire();
    const seen = observe(channel.reply$);
    channel.send(command('PASS', 'hunter2'), new Reading('PASS ***', { secrets: ['hunter2'] }));
    wire.receive('230 in\r\n');
    if (verb !== undefined) channel.send(command(verb), new Reading(verb));
    wire.receive(`${line}\r\n`);
    expect(seen.values.at(-1)?.text).toBe(line.slice(4).replace('hunter2', '***'));
    expect(channel.cause?.message ?? '').not.toContain('hunter2');
    channel.close(closing);
  });

  it('are masked in a line that is no reply, before it is cut to be quoted', () => {
    const { wire, channel, skipped } = channelOnWire();
    channel.send(command('PASS', 'hunter2'), new Reading('PASS ***', { secrets: ['hunter2'] }));
    for (let count = 0; count <= 100; count += 1) wire.receive(`${'x'.repeat(76)}hunter2\r\n`);
    expect(skipped[0]).toBe(`${'x'.repeat(76)}***`);
    expect(channel.cause?.message).toContain('xxx***');
    expect(channel.cause?.message).not.toContain('hunt');
  });

  it('do not change replies that carry values', () => {
    const { wire, channel } = channelOnWire();
    channel.send(command('PASS', 'data'), new Reading('PASS ***', { secrets: ['data'] }));
    wire.receive('230 in\r\n');
    const pwd = new Reading('PWD');
    channel.send(command('PWD'), pwd);
    wire.receive('257 "/data"\r\n');
    expect(pwd.texts).toEqual(['257 "/data"']);
    channel.close(closing);
  });
});

describe('closing', () => {
  it('happens once, with the first cause, for everybody', async () => {
    const { wire, channel } = channelOnWire();
    const replies = observe(channel.reply$);
    const waiting = new Reading('NOOP');
    channel.send(command('NOOP'), waiting);
    const early = observe(channel.closed$);
    channel.close(closing);
    channel.close(new FtpProtocolError('too late'));
    wire.emit('error', new Error('later still'));
    expect(channel.cause).toBe(closing);
    expect(waiting.failures).toEqual([closing]);
    expect(await replies.settled).toEqual([]);
    expect(await early.settled).toEqual([closing]);
    expect(await observe(channel.closed$).settled).toEqual([closing]);
  });

  it('refuses what is asked for afterwards', () => {
    const { wire, channel } = channelOnWire();
    channel.close(closing);
    const late = new Reading('NOOP');
    channel.send(command('NOOP'), late);
    expect(late.failures).toEqual([closing]);
    expect(wire.sent).toBe('');
  });

  it('follows an error of the socket, which it carries', () => {
    const { wire, channel } = channelOnWire();
    const broken = new Error('ECONNRESET');
    wire.emit('error', broken);
    wire.emit('close');
    expect(channel.cause).toMatchObject({ channel: 'control', phase: 'idle', cause: broken });
    expect(channel.cause?.message).toContain('ECONNRESET');
  });

  it('ends the delivery of what is in the same packet', () => {
    const { wire, channel } = channelOnWire();
    channel.reply$.subscribe(() => channel.close(closing));
    const reading = new Reading('NOOP');
    channel.send(command('NOOP'), reading);
    channel.send(command('NOOP'), reading);
    wire.receive('200 ok\r\n200 ok\r\n');
    expect(reading.texts).toEqual([]);
    expect(channel.cause).toBe(closing);
  });
});

describe('replacing the socket', () => {
  it('starts with nothing that came over the old one', async () => {
    const { wire, channel } = channelOnWire();
    const fresh = new Wire();
    wire.receive('25');
    await channel.replaceSocket((old) => {
      expect(old).toBe(wire);
      expect(old.listenerCount('data')).toBe(0);
      return Promise.resolve(fresh);
    });
    const reading = new Reading('PWD');
    channel.send(command('PWD'), reading);
    wire.receive('0 old\r\n');
    fresh.receive('257 "/"\r\n');
    expect([wire.sent, fresh.sent, reading.texts]).toEqual(['', 'PWD\r\n', ['257 "/"']]);
    channel.close(closing);
    expect(fresh.destroyed).toBe(true);
  });

  it('destroys the new one when the channel was closed meanwhile', async () => {
    const { channel } = channelOnWire();
    const fresh = new Wire();
    await channel.replaceSocket(async () => {
      channel.close(closing);
      return fresh;
    });
    expect(fresh.destroyed).toBe(true);
    expect(fresh.listenerCount('data')).toBe(0);
  });
});

it('takes any duplex', () => {
  const [sent, socket] = [
    [] as string[],
    new Duplex({ read: () => {}, write: (chunk, _encoding, done) => done(void sent.push(String(chunk))) }),
  ];
  const channel = new ControlChannel(socket, settings);
  channel.send(command('NOOP'), new Reading('NOOP'));
  expect(sent).toEqual(['NOOP\r\n']);
  channel.close(closing);
});
