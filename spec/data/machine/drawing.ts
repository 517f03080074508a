/** The explored edges as a drawing for docs/abort.md: one arrow between two waits, with the events that lead along it. */

const ENDS: ReadonlySet<string> = new Set([
  ...['complete', 'left', 'refused', 'uncertain', 'no data connection', 'broken off', 'broken', 'stalled'],
  ...['held too long', 'source failed', 'ended early', 'late'],
]);
/** From an abort a transfer ends as it has to: its user has left, has all he wants, or hears of the fault. */
const ABORT: ReadonlySet<string> = new Set([
  ...['the start', 'the fence', 'the connection to shake hands over', 'the handshake', 'the accept', 'a first reply'],
  ...['the end of the server’s handshake', 'the end of the listing', 'the final reply behind the data'],
  ...['the server’s own close', 'a second reply', 'the answer to PWD'],
]);
/** The connection is gone, or as good as gone: that can be everywhere, and is not drawn. */
const LOSSES: ReadonlySet<string> = new Set(['lost', 'overdue', 'undecided']);
const MOST_LABELS = 4;

const EDGE = /^(?<from>.*) --(?<event>.*)--> (?<to>.*)$/;

export function drawing(edges: Iterable<string>): string {
  const arrows = new Map<string, Set<string>>();
  for (const edge of edges) addTo(arrows, edge);
  const lines = [...arrows].map(([arrow, events]) => `  ${arrow}: ${label([...events].sort())}`);
  const waits = [...new Set([...arrows.keys()].flatMap((arrow) => arrow.split(' --> ')))];
  const states = waits.filter((id) => id !== '[*]').map((id) => `  state "${titles.get(id)}" as ${id}`);
  return ['stateDiagram-v2', ...states.sort(), '  [*] --> theBeginning: the command', ...lines.sort()].join('\n');
}

function addTo(arrows: Map<string, Set<string>>, edge: string): void {
  const { from = '', event = '', to = '' } = EDGE.exec(edge)?.groups ?? {};
  // What comes in one turn is drawn as if it came in two.
  if (event.includes('+') || LOSSES.has(event) || from === to || from === 'nothing') return;
  const arrow = `${id(from)} --> ${id(nameOfEnd(from, to))}`;
  arrows.set(arrow, (arrows.get(arrow) ?? new Set()).add(event.replace(/^decided.*/, 'decided')));
}

function nameOfEnd(from: string, to: string): string {
  if (!ENDS.has(to) || to === 'complete' || to === 'left') return ABORT.has(from) && ENDS.has(to) ? 'in step' : to;
  return ABORT.has(from) ? 'in step' : 'failed';
}

const titles = new Map<string, string>();

function id(name: string): string {
  const words = name.replace(/[^a-zA-Z ]/g, '').split(' ');
  const joined = words.map((word, at) => (at === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join('');
  const key = joined.charAt(0).toLowerCase() + joined.slice(1);
  titles.set(key, name);
  return key;
}

function label(events: readonly string[]): string {
  return events.length > MOST_LABELS ? `${events.slice(0, MOST_LABELS).join(', ')} ...` : events.join(', ');
}
