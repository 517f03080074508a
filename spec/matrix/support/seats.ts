/** Lists the runners of an operation: a client, which replaces a lost session, or one session, which then reports its end. */
import { lastValueFrom, type Subscription } from 'rxjs';
import { connect$, FtpClient, type FtpOperations, type FtpOptions, type FtpState } from '../../../lib/index.js';
import { watchTransfers } from './transfer-watch.js';

export const seats = ['client', 'session'] as const;
export type SeatKind = (typeof seats)[number];

export interface Seat {
  readonly ftp: FtpOperations;
  /** The status of the session, or the client. */
  state(): FtpState | undefined;
  /** Why a session was lost. */
  lost(): unknown;
  /** The faults in the events of transfers; when it is closed. */
  readonly transferFaults: Promise<readonly string[]>;
  close(): Promise<void>;
}

function follow(ftp: FtpOperations): () => FtpState | undefined {
  let state: FtpState | undefined;
  ftp.state$.subscribe((now) => {
    state = now;
  });
  return () => state;
}

export function clientSeat(options: FtpOptions): Seat {
  const ftp = new FtpClient({ ...options, retry: { attempts: 1, delayMs: 5, maxDelayMs: 5 } });
  const close = async (): Promise<void> => void (await lastValueFrom(ftp.close$()));
  const { faults: transferFaults } = watchTransfers(ftp);
  return { ftp, state: follow(ftp), lost: () => undefined, transferFaults, close };
}

/** Resolves when the session is open; rejects when it cannot be. */
export function sessionSeat(options: FtpOptions, opening: (subscription: Subscription) => void): Promise<Seat> {
  return new Promise((resolve, reject) => {
    let lost: unknown;
    const subscription = connect$(options).subscribe({
      next: (ftp) => resolve(seatOf(ftp)),
      error: (error: unknown) => {
        lost = error;
        reject(error);
      },
    });
    opening(subscription);
    const seatOf = (ftp: FtpOperations): Seat => {
      const closed = lastValueFrom(ftp.state$);
      const close = async (): Promise<void> => {
        subscription.unsubscribe();
        await closed;
      };
      const { faults: transferFaults } = watchTransfers(ftp);
      return { ftp, state: follow(ftp), lost: () => lost, transferFaults, close };
    };
  });
}
