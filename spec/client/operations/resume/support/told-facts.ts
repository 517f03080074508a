/** A session whose server answers SIZE and MDTM as the spec says. */
import type { FinalReply } from '../../../../../lib/control/request.js';
import { createReply } from '../../../../../lib/protocol/reply.js';
import { FakeSession } from '../../../../data/support/fake-session.js';

/** The final reply of a text such as `213 5`. */
export function final(text: string): FinalReply {
  const reply = createReply(Number(text.slice(0, 3)), [text.slice(4)]);
  return { reply, outcome: reply.class < 3 ? 'completion' : 'refusal' };
}

/** By verb: its answers in order, the last of them again and again. Any other verb is answered by 200. */
export function sessionTelling(answers: Readonly<Record<string, string | readonly string[]>>): FakeSession {
  const left = new Map(Object.entries(answers).map(([verb, texts]) => [verb, [texts].flat()]));
  const session = new FakeSession();
  session.answer = (line) => {
    const texts = left.get(line.split(' ')[0] ?? '') ?? ['200 Fine.'];
    return final((texts.length > 1 ? texts.shift() : texts[0]) ?? '200 Fine.');
  };
  return session;
}
