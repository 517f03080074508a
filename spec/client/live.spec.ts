import { describe, expect, it } from 'vitest';
import type { Reply } from '../../lib/index.js';
import { observe } from '../support/observe.js';
import { scriptedServer } from '../support/scripted-server.js';
import { clientOf, clientOfTwoSessions } from './support/open.js';

const codes = (replies: readonly Reply[]): number[] => replies.map(({ code }) => code);

describe('what a client tells of its sessions', () => {
  it('is all of each from its greeting on, of those that are lost and those that are opened later', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    const replies = observe(ftp.reply$);
    const commands = observe(ftp.command$);
    server.once('SITE', (session) => session.closeControl());
    await observe(ftp.send$('SITE LOSE')).failed;
    const before = replies.values.length;
    await observe(ftp.help$()).settled;
    expect(codes(replies.values.slice(0, before))).toEqual([220, 331, 230, 211, 200]);
    expect(codes(replies.values.slice(before, -1))).toEqual([220, 331, 230, 211, 200]);
    expect(commands.values).toEqual(server.commands.map((line) => line.replace(/^PASS .*/, 'PASS ***')));
    await ftp[Symbol.asyncDispose]();
    expect([await replies.ended, await commands.ended]).toEqual(['complete', 'complete']);
  });

  it('is what comes from then on for whoever subscribes later, of all that are open', async () => {
    await using server = await scriptedServer();
    const ftp = await clientOfTwoSessions(server);
    expect(ftp.reply$).toBe(ftp.reply$);
    const replies = observe(ftp.reply$);
    const left = observe(ftp.reply$);
    left.unsubscribe();
    await ftp[Symbol.asyncDispose]();
    expect(await replies.ended).toBe('complete');
    expect(codes(replies.values)).toEqual([221, 221]);
    expect(left.values).toEqual([]);
    expect(await observe(ftp.reply$).settled).toEqual([]);
    expect(await observe(ftp.command$).settled).toEqual([]);
  });
});
