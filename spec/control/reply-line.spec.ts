/** Checks the owner of a reply; spec/control/control-channel.spec.ts has the line within its channel. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Learned } from '../../lib/control/learned.js';
import { ReplyLine } from '../../lib/control/reply-line.js';
import { FtpProtocolError, FtpSecurityError } from '../../lib/errors.js';
import { incomingText, WrittenCommands } from './support/fence-writer.js';
import { closing, Reading } from './support/wire.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

function lined() {
  const writer = new WrittenCommands();
  const learned = new Learned();
  const told: string[] = [];
  /** Of each reply, before it is taken: whether it is the first to the only command. */
  const firsts: boolean[] = [];
  const { incoming, receive } = incomingText({
    onReply: (reply, moreCame) => {
      firsts.push(line.isFirstAnswer);
      line.take(reply, moreCame);
    },
    onLine: (text) => line.takeLine(text),
    onFault: (error) => writer.close(error),
  });
  const line = new ReplyLine({
    incoming,
    learned,
    writer,
    fenceTimeoutMs: 1_000,
    onSkipped: (skipped) =>
      told.push('reply' in skipped ? `skipped ${skipped.reply.code}` : `skipped "${skipped.line}"`),
    onReplaceSocket: () => told.push('replace'),
    onAnswered: () => told.push('answered'),
    onFenceOver: () => told.push('fence over'),
    onOutOfStep: ({ code }) => told.push(`out of step by ${code}`),
  });
  const enter = (reader: Reading): Reading => {
    line.enter(reader, 'timed');
    return reader;
  };
  const end = (): void => {
    line.close(closing);
    writer.timers.close();
  };
  return { line, writer, learned, told, firsts, receive, enter, end };
}

describe('a line of readers', () => {
  it('gives each reply to the first, whose place ends with its answer', () => {
    const { line, told, receive, enter, end } = lined();
    const first = enter(new Reading('RETR a', { accept: ({ code }) => (code < 200 ? 'more' : 'over') }));
    const second = enter(new Reading('NOOP'));
    receive('150 here\r\n');
    expect([line.first, told]).toEqual([first, []]);
    receive('226 done\r\n200 fine\r\n');
    expect([first.texts, second.texts]).toEqual([['150 here', '226 done'], ['200 fine']]);
    expect([line.first, told]).toEqual([undefined, ['answered', 'answered']]);
    end();
  });

  it('tells whether a reply is the first to the only command', () => {
    const { firsts, enter, receive, end } = lined();
    receive('200 stray\r\n');
    enter(new Reading('RETR a', { accept: ({ code }) => (code < 200 ? 'more' : 'over') }));
    receive('150 here\r\n');
    receive('226 done\r\n');
    enter(new Reading('SIZE a'));
    enter(new Reading('SIZE b'));
    receive('213 1\r\n');
    expect(firsts).toEqual([false, true, false, false]);
    end();
  });

  it('drops what nobody asked for, and what began before the command', () => {
    const { told, receive, enter, end } = lined();
    receive('250 stray\r\nnoise\r\n2');
    const reader = enter(new Reading('NOOP'));
    receive('57 "/"\r\n200 fine\r\n');
    expect([told, reader.texts]).toEqual([['skipped 250', 'skipped "noise"', 'skipped 257', 'answered'], ['200 fine']]);
    end();
  });

  it('is closed by a thousand and one replies to one command', () => {
    const { writer, receive, enter, end } = lined();
    const reader = enter(new Reading('RETR a', { accept: () => 'more' }));
    for (let n = 0; n < 1_000; n += 1) receive('150 more\r\n');
    expect(writer.causes).toEqual([]);
    receive('150 more\r\n');
    expect(writer.causes).toMatchObject([{ code: 'ERR_FTP_PROTOCOL', command: 'RETR a' }]);
    expect(reader.replies).toHaveLength(1_000);
    end();
  });

  it('fails with the connection, all of it, once', () => {
    const { line, enter } = lined();
    const readers = [enter(new Reading('SIZE a')), enter(new Reading('SIZE b'))];
    line.close(closing);
    line.close(closing);
    expect(readers.map(({ failures }) => failures)).toEqual([[closing], [closing]]);
    expect(line.first).toBeUndefined();
  });
});

describe('a place that is over while replies may still come for it', () => {
  it('is followed by a fence at once', async () => {
    const { line, writer, told, receive, enter, end } = lined();
    enter(new Reading('RETR a', { accept: () => 'fence' }));
    receive('226 done\r\n200 late\r\n');
    expect([line.fence !== undefined, writer.lines, told]).toEqual([true, ['NOOP'], ['answered']]);
    receive('200 late too\r\n');
    receive('200 fine\r\n');
    receive('257 "/"\r\n');
    expect([line.fence !== undefined, writer.lines]).toEqual([false, ['NOOP', 'PWD']]);
    expect(told).toEqual(['answered', 'fence over', 'answered']);
    end();
  });

  it('costs the connection where others are in line', () => {
    const { writer, told, receive, enter, end } = lined();
    enter(new Reading('RETR a', { accept: () => 'fence' }));
    enter(new Reading('EPSV'));
    receive('226 done\r\n');
    expect([writer.causes.length, writer.lines]).toEqual([1, []]);
    expect(told).toContain('out of step by 226');
    end();
  });

  it('may get one more reply for each command that was written for it', () => {
    const { line, writer, receive, enter, end } = lined();
    enter(new Reading('RETR a', { accept: ({ code }) => (code === 226 ? 'fence' : 'more') }));
    for (let n = 0; n < 5; n += 1) line.allowMore();
    for (let n = 0; n < 1_004; n += 1) receive('200 fine\r\n');
    receive('226 done\r\n');
    for (let n = 0; n < 1_005; n += 1) receive('110 more\r\n');
    expect(writer.causes).toEqual([]);
    receive('110 more\r\n');
    expect(writer.causes).toMatchObject([{ code: 'ERR_FTP_PROTOCOL' }]);
    end();
  });

  it('has a second fence before the next work, where one is due', async () => {
    const { line, writer, receive, enter, end } = lined();
    enter(new Reading('STOR a', { accept: () => 'fence' }));
    receive('226 done\r\n');
    line.fenceBeforeNext();
    const settled = line.settle();
    receive('200 fine\r\n');
    receive('257 "/"\r\n');
    await vi.waitUntil(() => writer.lines.length === 3, { interval: 1 });
    expect(writer.lines).toEqual(['NOOP', 'PWD', 'NOOP']);
    receive('200 fine\r\n');
    receive('257 "/"\r\n');
    await settled;
    expect(line.settle()).toBeUndefined();
    end();
  });

  it('has none when the connection is lost', async () => {
    const { line, writer, receive, enter } = lined();
    enter(new Reading('STOR a', { accept: () => 'fence' }));
    receive('226 done\r\n');
    line.fenceBeforeNext();
    const settled = line.settle();
    line.close(closing);
    await settled;
    expect(writer.lines).toEqual(['NOOP']);
    writer.timers.close();
  });
});

describe('the time for one reply too many', () => {
  it('holds up the next work, and ends with the connection', async () => {
    const { line, writer, receive, enter } = lined();
    enter(new Reading('STOR a'));
    receive('226 done\r\n');
    expect(line.settle()).toBeUndefined();
    line.expectSurplus();
    const settled = line.settle();
    expect(settled).toBeInstanceOf(Promise);
    line.close(closing);
    await settled;
    writer.timers.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a reply that its reader holds', () => {
  const holding = (command: string): Reading => new Reading(command, { accept: () => 'held' });

  it('is decided by a fence, which has the connection for itself', () => {
    const { line, writer, told, receive, enter, end } = lined();
    enter(holding('DELE a'));
    receive('150 odd\r\n');
    expect([line.fence !== undefined, writer.lines]).toEqual([true, ['NOOP']]);
    receive('200 fine\r\n');
    receive('257 "/"\r\n');
    expect([line.fence !== undefined, writer.lines, told.at(0)]).toEqual([false, ['NOOP', 'PWD'], 'fence over']);
    end();
  });

  it('closes the connection among other unanswered commands, which go one by one from then on', () => {
    const { writer, told, receive, enter, end } = lined();
    enter(holding('DELE a'));
    enter(new Reading('DELE b'));
    receive('150 odd\r\n');
    expect(writer.causes).toEqual([expect.any(FtpProtocolError)]);
    expect(writer.causes[0]).toMatchObject({ command: 'DELE a', outcome: 'unknown' });
    expect(told).toContain('out of step by 150');
    expect(writer.lines).toEqual([]);
    end();
  });

  it('is decided later for the first in line alone', () => {
    const { line, writer, receive, enter, end } = lined();
    const first = enter(new Reading('RETR a', { accept: () => 'more' }));
    receive('226 odd\r\n');
    const [reply] = first.replies;
    if (reply === undefined) throw new Error('no reply');
    line.decide(new Reading('NOOP'), reply);
    expect(writer.lines).toEqual([]);
    line.decide(first, reply);
    expect(writer.lines).toEqual(['NOOP']);
    end();
  });
});

describe('a fence before the next work', () => {
  it('is asked once, when nothing is unanswered', async () => {
    const { line, writer, receive, enter, end } = lined();
    expect(line.settle()).toBeUndefined();
    line.fenceBeforeNext();
    enter(new Reading('NOOP'));
    expect([line.settle(), writer.lines]).toEqual([undefined, []]);
    receive('200 fine\r\n');
    const settled = line.settle();
    receive('200 fine\r\n');
    receive('257 "/"\r\n');
    await settled;
    expect([writer.lines, line.settle()]).toEqual([['NOOP', 'PWD'], undefined]);
    end();
  });
});

describe('a command that changes the socket', () => {
  const replacing = (): Reading => new Reading('AUTH TLS', { mustReplaceSocket: true });

  it('seals it with its answer', () => {
    const { writer, told, receive, enter, end } = lined();
    enter(replacing());
    receive('234 go on\r\n');
    expect([told, writer.causes]).toEqual([['answered', 'replace'], []]);
    end();
  });

  it.each([
    '234 go on\r\n230 in\r\n',
    '234 go on\r\n2',
    'noise\r\n234 go on\r\n',
  ])('admits nothing beside it: %j', (text) => {
    const { writer, receive, enter, end } = lined();
    enter(replacing());
    receive(text);
    expect(writer.causes[0]).toBeInstanceOf(FtpSecurityError);
    expect(writer.causes[0]?.message).toContain('injected');
    end();
  });
});
