/** Lists operations that depend on no directory, and operations that tell the directory itself. */
import { map } from 'rxjs';
import { nothing, success } from '../shown.js';
import type { Outcome, Verb } from '../verb.js';

const done = (): Outcome => ({ shows: 'done' });

export const plain: Readonly<Record<string, Verb>> = {
  pwd$: {
    portable: true,
    weight: 10,
    say: () => 'pwd$()',
    start: (ftp, { unspell }) => ftp.pwd$().pipe(map(unspell)),
    meets: ({ directory }) => ({ shows: directory }),
  },
  noop$: {
    portable: true,
    weight: 2,
    say: () => 'noop$()',
    start: (ftp) => ftp.noop$().pipe(success),
    meets: done,
  },
  stat$: { portable: true, say: () => 'stat$()', start: (ftp) => ftp.stat$().pipe(success), meets: done },
  syst$: { portable: true, say: () => 'syst$()', start: (ftp) => ftp.syst$().pipe(success), meets: done },
  feat$: {
    portable: true,
    say: () => 'feat$()',
    start: (ftp) => ftp.feat$().pipe(map((features) => String(features.has('SIZE')))),
    meets: () => ({ shows: 'true' }),
  },
  mode$: {
    portable: true,
    say: () => "mode$('S')",
    start: (ftp) => ftp.mode$('S').pipe(nothing),
    meets: () => ({ shows: '' }),
  },
  help$: {
    portable: false,
    weight: 2,
    say: ({ id }) => `help$('${id}')`,
    start: (ftp, { id }) => ftp.help$(id).pipe(map(({ text }) => text)),
    meets: (_state, { id }) => ({ shows: `HELP ${id}` }),
  },
  site$: {
    portable: false,
    say: ({ id }) => `site$('ECHO ${id}')`,
    start: (ftp, { id }) => ftp.site$(`ECHO ${id}`).pipe(map(({ text }) => text)),
    meets: (_state, { id }) => ({ shows: `SITE ECHO ${id}` }),
  },
  "send$('NOOP')": {
    portable: true,
    say: () => "send$('NOOP')",
    start: (ftp) => ftp.send$('NOOP').pipe(success),
    meets: done,
  },
  acct$: {
    portable: false,
    say: ({ id }) => `acct$('${id}')`,
    start: (ftp, { id }) => ftp.acct$(id).pipe(success),
    meets: done,
  },
  allo$: { portable: false, say: () => 'allo$(10)', start: (ftp) => ftp.allo$(10).pipe(success), meets: done },
  smnt$: {
    portable: false,
    say: ({ id }) => `smnt$('${id}')`,
    start: (ftp, { id }) => ftp.smnt$(id).pipe(success),
    meets: () => ({ shows: undefined }),
  },
  abor$: {
    portable: false,
    say: () => 'abor$()',
    start: (ftp) => ftp.abor$().pipe(success),
    meets: done,
  },
};
