/** Names the exit statuses: the same numbers for scripts, for ever. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  connection: 3,
  login: 4,
  refused: 5,
  security: 6,
  incomplete: 7,
  interrupted: 130,
} as const;

export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];
