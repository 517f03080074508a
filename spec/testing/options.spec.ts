import { beforeAll, describe, expect, it } from 'vitest';
import { FtpUsageError } from '../../lib/index.js';
import { type TestServerOptions, testServer } from '../../lib/testing/index.js';
import { type Certificate, CertificateAuthority } from '../support/certificates.js';

let pair: Certificate;

beforeAll(async () => {
  pair = await (await CertificateAuthority.create()).issue();
});

describe('what cannot be a test server', () => {
  it.each<[string, object | null, string]>([
    ['an unknown option', { usr: 'me' }, 'did you mean user?'],
    ['a name of others', { username: 'me' }, 'use user'],
    ['a host', { host: '0.0.0.0' }, 'There is no option host: a test server listens on 127.0.0.1 only. Leave it out'],
    ['the host that it has', { host: '127.0.0.1' }, 'There is no option host'],
    ['an address', { address: '::1' }, 'There is no option address'],
    ['no options', null, 'The options must be an object'],
    ['a user without a name', { user: '' }, 'The option user is empty: leave it out, and every user may log in'],
    ['a password for nobody', { password: 'x' }, 'The option password needs the option user'],
    ['a user that is no string', { user: 5 }, 'The option user must be a string'],
    ['a greeting of two lines', { greeting: 'a\r\nb' }, 'The option greeting must be a string without CR'],
    ['another listing', { listing: 'vms' }, "The option listing must be one of 'mlsd', 'unix', 'dos'"],
    ['a listing in an array', { listing: ['unix'] }, "The option listing must be one of 'mlsd', 'unix', 'dos'"],
    ...[65_536, -1, 2.5, '2121', Number.NaN, null].map((port): [string, object, string] => [
      `the port ${JSON.stringify(port)}`,
      { port },
      'The option port must be a whole number from 0 (any that is free) to 65535',
    ]),
    ['files that are none', { files: 'a' }, 'The option files must be an object or a Map'],
    ['a list of paths', { files: ['/a'] }, 'The option files must be an object or a Map'],
    ['an empty set of paths', { files: new Set() }, 'The option files must be an object or a Map'],
    ['files that were not awaited', { files: Promise.resolve({}) }, 'The option files must be an object or a Map'],
    ['a file that is none', { files: { '/a': 5 } }, 'The file /a must be a string, a Uint8Array'],
    ['secure that is none', { secure: true }, 'The option secure must be an object like'],
    ['an unknown mode', { secure: { mode: 'tls', key: '', cert: '' } }, "one of 'explicit', 'implicit'"],
    ['no mode', { secure: { key: '', cert: '' } }, "one of 'explicit', 'implicit'"],
    ['a mode in an array', { secure: { mode: ['explicit'], key: '', cert: '' } }, "one of 'explicit', 'implicit'"],
    [
      'an unknown version',
      { secure: { mode: 'explicit', key: '', cert: '', minVersion: 'TLSv1' } },
      "The option secure.minVersion must be one of 'TLSv1.2', 'TLSv1.3'",
    ],
    ['no key', { secure: { mode: 'explicit', cert: '' } }, 'The option secure.key must be PEM'],
    ['a key that is none', { secure: { mode: 'explicit', key: 'k', cert: 'c' } }, 'cannot be used: '],
    ['an unknown part', { secure: { mode: 'explicit', key: 'k', certificate: 'c' } }, 'has no part certificate'],
  ])('is refused: %s', async (_what, options, message) => {
    const starting = testServer(options as TestServerOptions);
    await expect(starting).rejects.toThrow(message);
    await expect(starting).rejects.toBeInstanceOf(FtpUsageError);
  });

  it.each<[string, TestServerOptions['files']]>([
    ['an object', { '/a': 'x' }],
    ['an object without a prototype', Object.assign(Object.create(null), { '/a': 'x' })],
    ['a Map', new Map([['/a', 'x']])],
  ])('is none of these: %s', async (_what, files) => {
    await using server = await testServer({ files });
    await using again = await testServer({ files: server.files });
    expect([...again.files.keys()]).toEqual(['/a']);
  });

  it('is refused where key and certificate do not fit', async () => {
    const other = await (await CertificateAuthority.create()).issue();
    const secure = { mode: 'explicit', key: other.key, cert: pair.cert } as const;
    await expect(testServer({ secure })).rejects.toThrow(
      'The key and the certificate of the option secure cannot be used',
    );
  });

  it('is refused a port that is in use', async () => {
    await using first = await testServer();
    const { port = 0 } = first.options;
    await expect(testServer({ port })).rejects.toThrow(
      `Port ${port} of 127.0.0.1 is in use: give another, or leave the option port out for a free one`,
    );
    await expect(testServer({ port })).rejects.toBeInstanceOf(FtpUsageError);
  });
});
