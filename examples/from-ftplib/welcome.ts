/**
 * The server's greeting. Python: ftp = FTP(host); ftp.login(user, passwd); ftp.getwelcome()
 *
 * Run: npx tsx examples/from-ftplib/welcome.ts
 */
import { firstValueFrom, map } from 'rxjs';
import { connect$ } from '../../lib/index.js';
import { testServer } from '../../lib/testing/index.js';

await using server = await testServer({ greeting: 'Welcome to the archive.', user: 'me', password: 'secret' });

// connect$ connects, logs in and emits the session. firstValueFrom unsubscribes then, which sends QUIT.
console.log(await firstValueFrom(connect$(server.options).pipe(map((session) => session.welcome))));
