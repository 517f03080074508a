/** `rxftp send` sends one command line as it is, and prints the server's replies. */
import { concatMap, type Observable, of, tap } from 'rxjs';
import { FtpReplyError, type Reply } from '../../index.js';
import type { Context } from '../session/context.js';
import { trimmed } from '../session/target.js';
import { firstPlace } from './first-place.js';

export function run(context: Context): Observable<unknown> {
  const { args, output } = context;
  const line = args[1] ?? '';
  return firstPlace(context, ({ ftp, path }) => {
    const directory = trimmed(path);
    const sent$ = directory === '' ? ftp.send$(line) : ftp.cwd$(directory).pipe(concatMap(() => ftp.send$(line)));
    return sent$.pipe(
      tap(({ code, lines }) => output.result({ code, lines }, replyText({ code, lines }, output.safe.bind(output)))),
      concatMap((reply) => refused$(reply)),
    );
  });
}

function replyText({ code, lines }: Pick<Reply, 'code' | 'lines'>, safe: (text: string) => string): string {
  return lines.map((each, at) => (at === 0 ? `${code} ${safe(each)}` : `    ${safe(each)}`)).join('\n');
}

/** A refusal is shown as any reply, and is the exit status too. */
function refused$(reply: Reply): Observable<Reply> {
  if (reply.class < 4) return of(reply);
  throw new FtpReplyError('The server has refused the command.', { reply });
}
