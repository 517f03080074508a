/**
 * Several unanswered commands, on a server whose greeting says that it takes them: an odd reply among theirs cannot be
 * given to one of them. The connection is closed, and this server gets its commands one by one from then on.
 */
import { lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type FtpClient, FtpProtocolError } from '../../lib/index.js';
import { observe } from '../support/observe.js';
import type { ScriptedServer } from '../support/scripted-server.js';
import { skippedBy, someClient, someServer } from './support/open.js';

const greetings = ['220 (vsFTPd 3.0.3)', '220 ProFTPD Server ready.'];
const files = { '/1': '1', '/2': '22', '/3': '333', '/4': '4444' };
const paths = Object.keys(files);

async function warm(ftp: FtpClient): Promise<void> {
  await lastValueFrom(ftp.size$('/1'));
}

const sizes = (ftp: FtpClient) => paths.map((path) => observe(ftp.size$(path)));

/** How many commands of a session had come before the one before them was answered. */
function unanswered({ journal }: ScriptedServer, session: number): number {
  let open = 0;
  let most = 0;
  const dialogue = journal.events.filter((event) => event.session === session);
  for (const { kind } of dialogue.slice(dialogue.findIndex((event) => event.kind === 'command'))) {
    if (kind === 'command') open += 1;
    if (kind === 'reply') open -= 1;
    most = Math.max(most, open);
  }
  return most;
}

describe.each(greetings)('on a server that greets with "%s"', (greeting) => {
  it.each([
    '226 Closed.',
    '213 unknown',
    '150 Wait.',
    '350 More?',
    '250 Fine.',
    '257 "/evil"',
  ])('"%s" closes the connection; all that is unanswered names it', async (reply) => {
    await using server = await someServer({ greeting, files });
    await using ftp = someClient(server);
    await warm(ftp);
    server.on('SIZE', (session, path, command) =>
      path === '/2' && session.id === 1 ? session.reply(reply) : command.byDefault(),
    );
    const [first, ...others] = sizes(ftp);
    expect(await first?.settled).toEqual([1]);
    const errors = await Promise.all(others.map(({ failed }) => failed));
    for (const error of errors) {
      expect(error).toMatchObject({ constructor: FtpProtocolError, reply: { code: Number(reply.slice(0, 3)) } });
    }
  });

  it('commands go one by one after that, and give their own values', async () => {
    await using server = await someServer({ greeting, files });
    await using ftp = someClient(server);
    await warm(ftp);
    server.once('SIZE', (session) => session.reply('226 Closed.'));
    await Promise.all(sizes(ftp).map(({ failed }) => failed));
    const after = await Promise.all(sizes(ftp).map(({ settled }) => settled));
    expect(after.flat()).toEqual([1, 2, 3, 4]);
    expect([server.sessions.length, unanswered(server, 2)]).toEqual([2, 1]);
  });

  it('a surplus reply that comes before the next answer is such an odd reply', async () => {
    await using server = await someServer({ greeting, files });
    await using ftp = someClient(server);
    await warm(ftp);
    server.once('DELE', (session) => session.reply('250 Deleted.', '250 Deleted.'));
    const deleted = observe(ftp.dele$('/4'));
    const [first, second] = [observe(ftp.size$('/1')), observe(ftp.size$('/2'))];
    expect((await deleted.settled)[0]).toMatchObject({ code: 250 });
    for (const { failed } of [first, second]) {
      expect(await failed).toMatchObject({ constructor: FtpProtocolError, reply: { code: 250 } });
    }
    expect(await lastValueFrom(ftp.size$('/3'))).toBe(3);
  });

  it.each([
    ['empty lines', ['', '']],
    ['lines of text', ['Debug.', 'Debug again.']],
  ])('%s close nothing: they are dropped and told', async (_name, noise) => {
    await using server = await someServer({ greeting, files });
    await using ftp = someClient(server);
    await warm(ftp);
    const skipped = skippedBy(ftp);
    server.once('SIZE', (session, path) => session.reply(...noise, `213 ${path.slice(1)}`, ...noise));
    const all = await Promise.all(sizes(ftp).map(({ settled }) => settled));
    expect(all.flat()).toEqual([1, 2, 3, 4]);
    expect(skipped).toEqual([...noise, ...noise]);
    expect(server.sessions).toHaveLength(1);
  });

  it('a refusal among them is the answer to its own command alone', async () => {
    await using server = await someServer({ greeting, files });
    await using ftp = someClient(server);
    await warm(ftp);
    server.once('SIZE', (session) => session.reply('451 Try again.'));
    const [first, ...others] = sizes(ftp);
    expect(await first?.failed).toMatchObject({ reply: { code: 451 } });
    expect((await Promise.all(others.map(({ settled }) => settled))).flat()).toEqual([2, 3, 4]);
    expect(server.sessions).toHaveLength(1);
  });

  it('an odd reply to a command that is alone closes nothing', async () => {
    await using server = await someServer({ greeting, files });
    await using ftp = someClient(server);
    await warm(ftp);
    server.once('DELE', (session) => session.reply('226 Deleted.'));
    expect(await lastValueFrom(ftp.dele$('/4'))).toMatchObject({ code: 226 });
    expect(await lastValueFrom(ftp.size$('/3'))).toBe(3);
    expect(server.sessions).toHaveLength(1);
  });

  it('a login in one write whose replies do not fit is made step by step the next time', async () => {
    await using server = await someServer({ greeting, files });
    server.on('PASS', async (session, _password, command) => {
      await command.byDefault();
      await session.reply('230 In.');
    });
    await using ftp = someClient(server, { pipelineLogin: true });
    expect(await observe(ftp.size$('/1')).failed).toMatchObject({
      constructor: FtpProtocolError,
      reply: { code: 230 },
    });
    expect(await lastValueFrom(ftp.size$('/2'))).toBe(2);
    expect(await lastValueFrom(ftp.size$('/3'))).toBe(3);
    expect(server.sessions).toHaveLength(2);
  });
});
