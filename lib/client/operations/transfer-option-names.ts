/** Lists the options of each transfer. The compiler checks the table against the types of the options, both ways. */
import type { AppeOptions, RetrLinesOptions, RetrOptions, StorLinesOptions, StorOptions } from './transfer-options.js';

/** `stou$` takes what `appe$` does. */
interface OptionsOf {
  readonly retr$: RetrOptions;
  readonly stor$: StorOptions;
  readonly appe$: AppeOptions;
  readonly retrLines$: RetrLinesOptions;
  readonly storLines$: StorLinesOptions;
}

type Transfer = keyof OptionsOf;

type OptionName = { [T in Transfer]: keyof OptionsOf[T] }[Transfer];

type Table = {
  readonly [Name in OptionName]: { readonly [T in Transfer as Name extends keyof OptionsOf[T] ? T : never]: true };
};

const ALL = { retr$: true, stor$: true, appe$: true, retrLines$: true, storLines$: true } as const;

/** In the order in which messages name them. */
const TAKEN_BY: Table = {
  start: { retr$: true, stor$: true },
  end: { retr$: true },
  type: { retr$: true, stor$: true, appe$: true },
  size: { retr$: true },
  pause$: { retr$: true, retrLines$: true },
  resume: { retr$: true, stor$: true },
  verify: { retr$: true, stor$: true, appe$: true },
  signal: ALL,
  deletePartial: { stor$: true, appe$: true, storLines$: true },
  progressIntervalMs: { stor$: true, appe$: true, storLines$: true },
  deadlineMs: ALL,
  minRate: ALL,
};

type Names<T extends Transfer> = Readonly<Record<keyof OptionsOf[T], true>>;

const NAMES: { readonly [T in Transfer]: Names<T> } = /* @__PURE__ */ Object.freeze({
  retr$: namesOf('retr$'),
  stor$: namesOf('stor$'),
  appe$: namesOf('appe$'),
  retrLines$: namesOf('retrLines$'),
  storLines$: namesOf('storLines$'),
});

/** The names of a transfer's options, as keys. */
export function optionNamesOf<T extends Transfer>(transfer: T): Names<T> {
  return NAMES[transfer];
}

/* @__NO_SIDE_EFFECTS__ */
function namesOf<T extends Transfer>(transfer: T): Names<T> {
  const names = Object.entries(TAKEN_BY).filter(([, takers]) => Object.hasOwn(takers, transfer));
  return Object.fromEntries(names.map(([name]) => [name, true])) as Names<T>;
}
