/**
 * Finds out in which charset a server's names are: shows each name as UTF-8 and in a charset, and fetches it by that name.
 *
 * Run: npx tsx examples/names-in-a-charset.ts
 *  or: npx tsx examples/names-in-a-charset.ts ftp://user:password@host/ shift_jis
 */
import { lastValueFrom, take, toArray } from 'rxjs';
import { FtpClient, parseFtpUrl } from '../lib/index.js';
import { printable } from '../lib/protocol/index.js';
import { testServer } from '../lib/testing/index.js';

const [url, encoding = 'windows-1251'] = process.argv.slice(2);
await using server = await testServer();
const options = url === undefined ? server.options : parseFtpUrl(url);

await using inCharset = new FtpClient({ ...options, encoding });
await using inUtf8 = new FtpClient(options);

// A partner has stored a file under the bytes that its own machine uses.
if (url === undefined) await lastValueFrom(inCharset.stor$('Прайс-лист.txt', 'apples;1\n'));

// The same bytes in the same order, read in two ways. Bytes that are no UTF-8 show as \xNN.
const names = await lastValueFrom(inCharset.nlst$().pipe(take(20), toArray()));
const asUtf8 = await lastValueFrom(inUtf8.nlst$().pipe(take(20), toArray()));
for (const [at, name] of names.entries()) {
  console.log(`utf8: ${printable(asUtf8[at] ?? '')}`);
  console.log(`${encoding}: ${printable(name)}`);
}

// Either of the two names leads to the file: no byte was lost.
if (url === undefined) {
  for (const [ftp, name = ''] of [
    [inUtf8, asUtf8[0]],
    [inCharset, names[0]],
  ] as const)
    console.log('bytes:', await lastValueFrom(ftp.size$(name)));
}
