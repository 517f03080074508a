/** A server that lets in three sessions serves a client that asks for sixteen: no operation fails, also without `retry`. */
import { describe, expect, it } from 'vitest';
import { observe } from '../support/observe.js';
import { type ScriptedServer, type Session, scriptedServer } from '../support/scripted-server.js';
import { clientOf } from './support/open.js';

const ALLOWED = 3;
const ROUNDS = 10;

/** Refuses each session above the third by the greeting, or to `verb`. */
async function limitedServer(reply: string, verb?: string): Promise<ScriptedServer> {
  const inside = new Set<number>();
  const admits = ({ id }: Session): boolean => {
    for (const { session } of server.journal.of('control-closed')) inside.delete(session);
    if (inside.size >= ALLOWED) return false;
    inside.add(id);
    return true;
  };
  const refuse = async (session: Session): Promise<void> => {
    await session.reply(reply);
    await session.closeControl();
  };
  const greeting = async (session: Session): Promise<void> => {
    if (verb !== undefined || admits(session)) await session.reply('220 ProFTPD Server');
    else await refuse(session);
  };
  const server: ScriptedServer = await scriptedServer({ greeting, files: { '/dir/a': 'content', '/dir/b': '' } });
  if (verb === undefined) return server;
  server.on(verb, (session, _argument, command) => (admits(session) ? command.byDefault() : refuse(session)));
  return server;
}

describe('a server that lets in three sessions', () => {
  it.each([
    ['421 There are too many connections from your internet address.', undefined],
    ['421 3 users (the maximum) are already logged in, sorry', 'USER'],
    ['530 Sorry, the maximum number of allowed clients (3) are already connected.', 'PASS'],
    ['550 Connection limit reached.', 'USER'],
    ['530 Login incorrect.', 'PASS'],
  ])('serves a client that asks for sixteen (%s to %s)', async (reply, verb) => {
    await using server = await limitedServer(reply, verb);
    const ftp = clientOf(server, { maxSessions: 16 });
    const events = observe(ftp.events$, { name: 'events$' });
    const rounds = Array.from({ length: ROUNDS }, (_, round) => ({
      read: observe(ftp.retr$('/dir/a')),
      stored: observe(ftp.stor$(`/new-${round}`, `text ${round}`)),
      size: observe(ftp.size$('/dir/a')),
      entries: observe(ftp.entries$('/dir')),
    }));
    for (const [round, { read, stored, size, entries }] of rounds.entries()) {
      expect(Buffer.concat(await read.settled).toString()).toBe('content');
      expect(await stored.settled).not.toEqual([]);
      expect(server.tree.text(`/new-${round}`)).toBe(`text ${round}`);
      expect(await size.settled).toEqual([7]);
      expect((await entries.settled).map(({ name }) => name)).toEqual(['a', 'b']);
    }
    const limits = events.values.filter(({ type }) => type === 'limit');
    expect(limits).toMatchObject([
      { session: 0, sessions: ALLOWED, because: 'reply', reply: { code: Number(reply.slice(0, 3)) } },
    ]);
    await observe(ftp.close$()).settled;
    await events.ended;
  });
});
