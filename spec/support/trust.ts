/**
 * `npm run trust`: specs that try many random cases try ten times as many, and each says in a line what it has tried.
 *
 * A spec file takes part when it imports this module.
 */

/** Whether this is `npm run trust`. */
export const isTrust = process.env.RXFTP_TRUST === '1';
const factor = isTrust ? 10 : 1;

/** How many cases to try where `usual` are tried by `npm test`. */
export function runs(usual: number): number {
  return usual * factor;
}

/** The time limit of a spec that takes `usualMs` at most in `npm test`. */
export function timeLimitMs(usualMs: number): number {
  return usualMs * factor;
}

/** One line of `npm run trust`; nothing in `npm test`. */
export function summarize(line: string): void {
  if (isTrust) console.log(line);
}
