/**
 * Lists a server's faults with one reply, as data: the lines in the reply's packet, and the lines that come earlier or later.
 */
import type { Row, Stage } from './row.js';

export interface Fault {
  readonly name: string;
  /** In one packet, in place of the server's own reply. */
  readonly now: readonly string[];
  /** A while later; the server reads no other command before it has sent them. */
  readonly next?: readonly string[];
  /** A while later; the server goes on with other commands meanwhile. */
  readonly late?: readonly string[];
  /** Right behind the reply to the command before. */
  readonly early?: readonly string[];
}

/** How long `next` and `late` lag behind: less than the 50 ms that the client allows a surplus reply. */
export const lagMs = 25;

const anyStage: readonly Stage[] = ['reply', 'first', 'port', 'begin', 'final'];
/** At the begin of a transfer these would be its end, or the transfer could not go on. */
const notAtBegin: readonly Stage[] = ['reply', 'first', 'port', 'final'];
const answered: readonly Stage[] = ['reply', 'final'];

/** Puts another code on each coded line of a reply. */
export const withCode = (reply: string, code: number): string => reply.replace(/^\d{3}(?=[ -])/gm, String(code));

export const codeOf = (line: string): number | undefined =>
  /^\d{3}[ -]/.test(line) ? Number(line.slice(0, 3)) : undefined;

type Made = readonly [name: string, stages: readonly Stage[], fault: Omit<Fault, 'name'>];

/** The faults of a row whose command the server itself would answer with `own`. */
export function faultsOf(row: Row, own: string): Fault[] {
  const { stage = 'reply' } = row;
  const made = [...otherCodes(row, own), ...tooManyReplies(row, own), ...outOfPlace(own)];
  return made.filter(([, stages]) => stages.includes(stage)).map(([name, , fault]) => ({ name, ...fault }));
}

function oddLine({ keepsText, odd = [226, 231] }: Row, own: string, at = 0): string {
  const code = odd[at] ?? 231;
  return keepsText === true ? withCode(own, code) : `${code} Fine.`;
}

function otherCodes(row: Row, own: string): Made[] {
  const usual = row.codes === 'any' ? [] : row.codes;
  const [first] = usual;
  return [
    ['its own reply', anyStage, { now: [own] }],
    ...usual.map((code): Made => [`usual code ${code}`, notAtBegin, { now: [withCode(own, code)] }]),
    ['another completion', anyStage, { now: [oddLine(row, own)] }],
    ['yet another completion', anyStage, { now: [oddLine(row, own, 1)] }],
    ['another completion with the value', answered, { now: [withCode(own, row.odd?.[1] ?? 231)] }],
    ...(row.form === undefined
      ? []
      : [['its code without the value', answered, { now: [`${first} Fine.`] }] satisfies Made]),
    ['4yz', anyStage, { now: ['451 Try again.'] }],
    ['5yz', anyStage, { now: ['553 Not here.'] }],
    ['3yz', anyStage, { now: ['314 What?'] }],
    ...(row.codes === 'any' ? [] : [['1yz alone', anyStage, { now: ['120 Working.'] }] satisfies Made]),
  ];
}

function tooManyReplies(row: Row, own: string): Made[] {
  const odd = oddLine(row, own);
  return [
    ['1yz and its own in one packet', notAtBegin, { now: ['120 Working.', own] }],
    ['1yz, and later its own', answered, { now: ['120 Working.'], next: [own] }],
    ['3yz and its own in one packet', notAtBegin, { now: ['314 What?', own] }],
    ['an odd one and its own', notAtBegin, { now: [odd, own] }],
    ['an odd one, and later its own', answered, { now: [odd], next: [own] }],
    ['an odd one, its own, its own', notAtBegin, { now: [odd, own, own] }],
    ['an odd one twice', notAtBegin, { now: [odd, odd] }],
    ['an odd one and 4yz', notAtBegin, { now: [odd, '451 Try again.'] }],
    ['its own and an odd one', notAtBegin, { now: [own, odd] }],
    ['its own twice in one packet', anyStage, { now: [own, own] }],
    ['its own twice, apart', anyStage, { now: [own], late: [own] }],
    ['its own, and later an odd one', notAtBegin, { now: [own], late: [odd] }],
  ];
}

function outOfPlace(own: string): Made[] {
  return [
    ['its own, and once before the command was read', notAtBegin, { early: [own], now: [own] }],
    ['an empty line before', anyStage, { now: ['', own] }],
    ['an empty line after', anyStage, { now: [own, ''] }],
    ['a line of text before', anyStage, { now: ['This server is on trial.', own] }],
    ['a line of text after', anyStage, { now: [own, 'Mind the gap.'] }],
  ];
}
