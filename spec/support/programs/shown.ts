/** Shows the values of the programs' operations as text that the model can foretell. */
import { map, type OperatorFunction } from 'rxjs';
import type { Reply } from '../../../lib/index.js';
import { Refusal } from './verb.js';

/** A value that says nothing. */
export const nothing: OperatorFunction<unknown, string> = map(() => '');

/** Bytes that are text. */
export const text: OperatorFunction<Uint8Array, string> = map((chunk) => Buffer.from(chunk).toString('latin1'));

/** The meaning of a reply, for operations whose reply text differs by server: that it succeeded. */
export const success: OperatorFunction<Reply, string> = map(({ class: digit }) =>
  digit === 2 ? 'done' : `${digit}yz`,
);

/** A reply, where a refusal is a value: it becomes an error again. */
export const replyOf: OperatorFunction<Reply, Reply> = map((reply) => {
  if (reply.class >= 4) throw new Refusal(`${reply.code} ${reply.text}`);
  return reply;
});
