/** Checks the types of `TestServerOptions`: correct uses, and misuses that the compiler refuses. */
import type { TestServerOptions } from '../../../lib/testing/index.js';

export const good: readonly TestServerOptions[] = [
  {},
  { files: { '/a': 'text', '/b': new Uint8Array(1), '/c/': '' } },
  { files: new Map([['/a', { bytes: '', modified: new Date() }]]) },
  { files: { '/e': { size: 1, read: () => Uint8Array.of(1) } } },
  { user: 'me', password: 'secret', listing: 'dos', greeting: 'Hello.', port: 0 },
];

export const bad: readonly unknown[] = [
  // @ts-expect-error a misspelt option is noticed
  { usr: 'me' } satisfies TestServerOptions,
  // @ts-expect-error there is no such listing
  { listing: 'list' } satisfies TestServerOptions,
  // @ts-expect-error numbers are no content
  { files: { '/a': 5 } } satisfies TestServerOptions,
  // @ts-expect-error made content has a size
  { files: { '/a': { read: () => Uint8Array.of(1) } } } satisfies TestServerOptions,
  // @ts-expect-error a certificate is needed
  { secure: true } satisfies TestServerOptions,
];
