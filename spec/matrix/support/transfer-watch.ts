/** Watches what is told of transfers: each has one beginning and then one end, and the events complete behind the last of them. */
import type { FtpOperations } from '../../../lib/index.js';

export interface TransferWatch {
  /** Resolves with what was wrong, when the events have completed. */
  readonly faults: Promise<readonly string[]>;
}

export function watchTransfers(ftp: FtpOperations): TransferWatch {
  const running = new Set<number>();
  const faults: string[] = [];
  let last = 0;
  const completed = new Promise<void>((resolve) => {
    ftp.events$.subscribe({
      next: (event) => {
        if (event.type === 'transfer-started') {
          if (event.id <= last) faults.push(`transfer ${event.id} has begun behind ${last}`);
          last = event.id;
          running.add(event.id);
        } else if (event.type === 'transfer-ended' && !running.delete(event.id)) {
          faults.push(`transfer ${event.id} has ended, and was not under way`);
        }
      },
      complete: resolve,
    });
  });
  const left = (): string[] => [...running].map((id) => `transfer ${id} has not ended`);
  return { faults: completed.then(() => [...faults, ...left()]) };
}
