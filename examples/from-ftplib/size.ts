/**
 * The size of a file, and its time. Python: ftp.voidcmd('TYPE I'); ftp.size(name); ftp.sendcmd('MDTM ' + name)
 *
 * Run: npx tsx examples/from-ftplib/size.ts
 */
import { lastValueFrom } from 'rxjs';
import { FtpClient } from '../../lib/index.js';
import { testServer } from '../../lib/testing/index.js';

const modified = new Date('2024-05-06T07:08:09Z');
await using server = await testServer({ files: { '/a.txt': { bytes: 'one\r\ntwo\r\n', modified } } });
await using ftp = new FtpClient(server.options);

// size$ sends TYPE I first. In ASCII a server counts other bytes, or refuses SIZE.
console.log('bytes:', await lastValueFrom(ftp.size$('/a.txt')));
console.log('changed:', (await lastValueFrom(ftp.mdtm$('/a.txt'))).toISOString());

// lookup$ emits nothing for a file that is not there, and it is no error.
const none = await lastValueFrom(ftp.lookup$('/b.txt'), { defaultValue: undefined });
console.log('b.txt:', none === undefined ? 'not there' : none.size);
