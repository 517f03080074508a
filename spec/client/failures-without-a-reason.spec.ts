/** JavaScript lets anything be thrown, `undefined` too: that is a failure like any other, and never a success. */
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { concat, lastValueFrom, type Observable, of, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type ByteSource, connect$, type FtpClient } from '../../lib/index.js';
import { observe } from '../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../support/scripted-server.js';
import { clientOf, optionsFor, sessionOf } from './support/open.js';

const failing$ = throwError(() => undefined);
const half = 'half of it';
const files = { '/keep': 'precious' };
const users = { ann: 'right' };
const noPassword = (): Promise<string> => Promise.reject(undefined);

/** A source that has given some of its text, and the function that ends it without a reason. */
interface Failing {
  readonly source: ByteSource;
  readonly fail: () => void;
}

const atOnce = (source: ByteSource): Failing => ({ source, fail: () => {} });

const failing: Readonly<Record<string, () => Failing>> = {
  'a TransformStream whose writer aborts': () => {
    const { readable, writable } = new TransformStream<string, string>();
    const writer = writable.getWriter();
    for (const told of [writer.write(half), writer.closed]) told.catch(() => undefined);
    return { source: readable as never, fail: () => void writer.abort() };
  },
  'a ReadableStream whose controller errors': () => {
    let fail = (): void => {};
    const source = new ReadableStream<string>({
      start(controller) {
        controller.enqueue(half);
        fail = () => controller.error();
      },
    });
    return { source: source as never, fail };
  },
  'a generator that throws undefined': () =>
    atOnce(
      (async function* () {
        yield half;
        throw undefined;
      })(),
    ),
  'an iterable that rejects with undefined': () =>
    atOnce({
      async *[Symbol.asyncIterator]() {
        yield half;
        await Promise.reject(undefined);
      },
    }),
  'an Observable that errors with undefined': () => atOnce(concat(of(half), failing$)),
};

const uploads: Readonly<Record<string, (ftp: FtpClient, source: ByteSource) => Observable<unknown>>> = {
  'stor$, verified': (ftp, source) => ftp.stor$('/keep', source, { verify: 'size' }),
  stor$: (ftp, source) => ftp.stor$('/keep', source),
  'appe$, verified': (ftp, source) => ftp.appe$('/keep', source, { verify: 'size' }),
  stou$: (ftp, source) => ftp.stou$(source),
  storLines$: (ftp, source) => ftp.storLines$('/keep', source as never),
  transfer$: (ftp, source) => ftp.transfer$('STOR /keep', { source }),
};

const cases = Object.keys(failing).flatMap((kind) => Object.keys(uploads).map((name) => [kind, name] as const));

async function expectInStep(ftp: FtpClient, server: ScriptedServer): Promise<void> {
  expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  expect(server.sessions).toHaveLength(1);
}

describe('an upload of half a file', () => {
  it.each(cases)('from %s is no success of %s', async (kind, name) => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    const { source, fail } = (failing[kind] as () => Failing)();
    const upload = observe((uploads[name] as (typeof uploads)[string])(ftp, source));
    await server.event('data-opened');
    fail();
    expect(await upload.failed).toBeUndefined();
    await expectInStep(ftp, server);
  });

  it('is deleted where that is asked for', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    expect(await observe(ftp.stor$('/new', failing$, { deletePartial: true })).failed).toBeUndefined();
    await expectInStep(ftp, server);
    expect(server.commands).toContain('DELE /new');
  });

  it('is no success on a session of connect$', async () => {
    await using server = await scriptedServer({ files });
    await using open = await sessionOf(server);
    expect(await observe(open.ftp.stor$('/keep', failing$)).failed).toBeUndefined();
  });
});

describe('a password that is refused without a reason', () => {
  it.each([false, true])('fails every operation that waits for it, with pipelineLogin: %s', async (pipelineLogin) => {
    await using server = await scriptedServer({ files, users });
    const options = { user: 'ann', password: noPassword, pipelineLogin };
    await using ftp = clientOf(server, { ...options, retry: { attempts: 1, delayMs: 1, maxDelayMs: 1 } });
    const operations: Observable<unknown>[] = [
      ftp.dele$('/keep'),
      ftp.retr$('/keep'),
      ftp.entries$(),
      ftp.stor$('/keep', 'new'),
      ftp.transfer$('RETR /keep'),
      connect$(optionsFor(server, options)),
    ];
    for (const operation of operations) expect(await observe(operation).failed).toBeUndefined();
    expect(server.tree.text('/keep')).toBe('precious');
    await expect(lastValueFrom(ftp.retr$('/keep'))).rejects.toBeUndefined();
  });

  it('may be a retry.when that throws undefined', async () => {
    await using server = await scriptedServer({ users });
    const when = (): boolean => {
      throw undefined;
    };
    server.on('USER', (session) => session.reply('421 Later.'));
    await using ftp = clientOf(server, { user: 'ann', password: 'right', retry: { when } });
    expect(await observe(ftp.dele$('/keep')).failed).toBeUndefined();
  });
});

describe('a connector that rejects without a reason', () => {
  it.each([undefined, 40_000])('is a failed connection, from the local port %s', async (localPort) => {
    await using server = await scriptedServer({ files });
    const connector = (): Promise<never> => Promise.reject(undefined);
    await using ftp = clientOf(server, { connector, localPort });
    const error = await observe(ftp.dele$('/keep')).failed;
    expect(error).toMatchObject({ code: 'ERR_FTP_CONNECTION', phase: 'connect' });
    expect((error as Error).cause).toBeUndefined();
  });

  it('is one of a data connection', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server, {
      async connector({ channel, host, port }) {
        if (channel === 'data') throw undefined;
        const socket = connectTcp(port, host);
        await once(socket, 'connect');
        return socket;
      },
    });
    expect(await observe(ftp.retr$('/keep')).failed).toMatchObject({ code: 'ERR_FTP_CONNECTION', channel: 'data' });
  });
});
