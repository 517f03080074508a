/** The traffic on the control connection, shown when that is the point, and the count of logins. Passwords come masked. */
import { filter, scan } from 'rxjs';
import type { FtpClient } from '../../lib/index.js';
import type { Screen } from './screen.js';

export class Wire {
  /** Show commands and replies from now on. */
  shown: boolean;
  /** The number of the client's logins. */
  logins = 0;

  constructor(ftp: FtpClient, screen: Screen, shown: boolean) {
    this.shown = shown;
    const isShown = (): boolean => this.shown;
    ftp.command$.pipe(filter(isShown)).subscribe((command) => screen.sent(command));
    ftp.reply$.pipe(filter(isShown)).subscribe((reply) => screen.received(reply));
    ftp.command$
      .pipe(
        filter((command) => command.startsWith('USER ')),
        scan((logins) => logins + 1, 0),
      )
      .subscribe((logins) => {
        this.logins = logins;
      });
  }

  /** Shows the wire while `work` runs. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const before = this.shown;
    this.shown = true;
    try {
      return await work();
    } finally {
      this.shown = before;
    }
  }
}
