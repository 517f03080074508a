/** Types of the parts for tests: what they give, and arguments that the compiler refuses. */
import { expectTypeOf } from 'vitest';
import { type ByteStream, FtpClient } from '../../../lib/index.js';
import { byteStream, type TestServer, testServer } from '../../../lib/testing/index.js';

declare const server: TestServer;

expectTypeOf(testServer).returns.toEqualTypeOf<Promise<TestServer>>();
expectTypeOf(byteStream).returns.toEqualTypeOf<ByteStream>();

/** Never run. */
export const good: readonly (() => unknown)[] = [
  () => new FtpClient(server.options),
  () => server.fail('RETR', { cut: 'data', afterBytes: 10 }),
  () => server.on('SITE', ({ argument }) => (argument === 'X' ? '200 Ok.' : undefined)),
  () => server.on('NOOP', async () => ['200 Ok.', '200 Again.']),
  () => [byteStream('text'), byteStream([new Uint8Array(1)])],
];

/** Never run. */
export const refused: readonly (() => unknown)[] = [
  // @ts-expect-error a connection ends in one way
  () => server.fail('RETR', { cut: 'data', reset: 'data' }),
  // @ts-expect-error a fault has a kind
  () => server.fail('RETR', { afterBytes: 10 }),
  // @ts-expect-error a refusal has a code
  () => server.fail('RETR', { refuse: '550 No.' }),
  // @ts-expect-error a reply begins with its code, in a text
  () => server.on('NOOP', () => 200),
  // @ts-expect-error a stream is made of something
  () => byteStream(),
  // @ts-expect-error the port is an option
  () => testServer(2121),
];
