/** The faults, as data: what becomes of the lines of a reply, of the connections, and of the data. */
import type { MatrixEvent, Role } from './events.js';
import { onData } from './events.js';

/** How both connections end: by FIN, by RST, or not at all, and nothing more comes. */
export type Death = 'fin' | 'rst' | 'silence';

export interface Fault {
  readonly name: string;
  /** Ends everything just before the event; `farewell` is the last line. */
  readonly death?: Death;
  readonly farewell?: string;
  /** The lines of the reply with the fault at that one, from 0. */
  readonly lines?: (lines: readonly string[], at: number) => readonly string[];
  /** One byte at a time. */
  readonly slowly?: boolean;
  /** The fault of the data connection alone; the server goes on with its final reply. */
  readonly data?: 'cut' | 'torn' | 'reset' | 'silence' | 'more';
  readonly unsubscribe?: boolean;
  readonly strikes: (event: MatrixEvent) => boolean;
}

const always = (): boolean => true;
const at =
  (...roles: readonly Role[]) =>
  ({ role }: MatrixEvent): boolean =>
    roles.includes(role);
const line = ({ role }: MatrixEvent): boolean => role !== 'handshake' && !onData.has(role);
const lastLine = (event: MatrixEvent): boolean => line(event) && event.role !== 'inner';

const before =
  (text: string) =>
  (lines: readonly string[], index: number): readonly string[] => [
    ...lines.slice(0, index),
    text,
    ...lines.slice(index),
  ];
const coded = (lines: readonly string[], change: (code: string) => string): readonly string[] =>
  lines.map((text) => text.replace(/^\d{3}(?=[ -])/, change));
const ofClass =
  (digit: string) =>
  (lines: readonly string[]): readonly string[] =>
    coded(lines, () => `${digit}53`);
/** 3yz for a completion, a completion for what is not one. */
const oddClass = (lines: readonly string[]): readonly string[] =>
  coded(lines, (code) => (code.startsWith('2') ? '353' : '253'));

export const faults: readonly Fault[] = [
  { name: 'close', death: 'fin', strikes: always },
  { name: 'reset', death: 'rst', strikes: always },
  { name: 'stall', death: 'silence', strikes: always },
  {
    name: '421 and close',
    death: 'fin',
    farewell: '421 Service not available.',
    strikes: (event) => event.role !== 'handshake',
  },
  { name: 'an odd reply before', lines: (lines) => ['299 Extra.', ...lines], strikes: lastLine },
  { name: 'the reply twice', lines: (lines) => [...lines, ...lines], strikes: lastLine },
  { name: 'an odd reply after', lines: (lines) => [...lines, '299 Extra.'], strikes: lastLine },
  { name: 'an empty line', lines: before(''), strikes: line },
  { name: 'an unusual code', lines: (lines) => coded(lines, (code) => `${code[0]}99`), strikes: lastLine },
  { name: 'the wrong class, 4yz', lines: ofClass('4'), strikes: lastLine },
  { name: 'the wrong class, 5yz', lines: ofClass('5'), strikes: lastLine },
  { name: 'the wrong class, odd', lines: oddClass, strikes: lastLine },
  { name: 'a line of garbage', lines: before('~~ \u0007 no reply ~~'), strikes: line },
  { name: 'a NUL', lines: (lines, index) => lines.map((text, n) => (n === index ? `${text}\0` : text)), strikes: line },
  { name: 'byte by byte', slowly: true, strikes: (event) => line(event) || event.role === 'piece' },
  { name: 'data: cut, then 226', data: 'cut', strikes: at('piece') },
  { name: 'data: FIN of TCP, then 226', data: 'torn', strikes: at('piece', 'end') },
  { name: 'data: reset, then 426', data: 'reset', strikes: at('accept', 'piece', 'end', 'taken') },
  { name: 'data: stall', data: 'silence', strikes: at('accept', 'piece', 'end') },
  { name: 'data: more, then 226', data: 'more', strikes: at('end') },
  { name: 'unsubscribed', unsubscribe: true, strikes: always },
];
