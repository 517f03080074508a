/**
 * Leaving a transfer at every moment, over every way servers answer an abort. Afterwards the session is in step (the next
 * commands get their own answers, and a download is whole), or it is closed and says so.
 */
import { describe, expect, it } from 'vitest';
import { FtpError } from '../../lib/errors.js';
import { type Connected, connected } from '../control/support/connected.js';
import { observe } from '../support/observe.js';
import { type AbortStyle, everyAbortStyle, type ScriptedServerOptions } from '../support/scripted-server.js';
import { fetch } from './support/fetch.js';
import {
  type Mode,
  type MomentName,
  moments,
  momentsOf,
  start,
  type TransferVerb,
  transferVerbs,
} from './support/moments.js';

const files = { '/file': 'the content of a file', '/dir/x': 'x', '/up': 'before' };
const abortTimeoutMs = 6_000;

interface Case extends ScriptedServerOptions {
  readonly verb: TransferVerb;
  readonly mode?: Mode;
}

const notYetSent: readonly MomentName[] = ['during TYPE', 'during EPSV or EPRT', 'during REST'];
const overByItself: readonly MomentName[] = ['before a refusal', 'after the data, before 226'];

/** Runs a transfer up to the moment, leaves it, and tells how the session is then. */
async function leave(moment: MomentName, { verb, mode = 'passive', ...server }: Case): Promise<string> {
  await using at = await connected({ files, ...server }, { mode, abortTimeoutMs });
  const stop = moments[moment].stopAt(at.server, verb);
  const running = observe(start(at.ftp, verb), { name: `${verb} ${moment}` });
  await stop.reached;
  const before = running.values.length;
  running.unsubscribe();
  running.unsubscribe();
  const next = observe(at.ftp.size$('/file'));
  stop.goOn();
  await next.ended;
  expect(running.values, 'values after unsubscribing').toHaveLength(before);
  const sent = at.commands.map((line) => line.split(' ')[0]);
  expect(sent.includes(verb), `${verb} was sent`).toBe(!notYetSent.includes(moment));
  expect(sent.includes('ABOR'), 'ABOR was sent').toBe(!notYetSent.includes(moment) && !overByItself.includes(moment));
  if (next.end === 'error') return await closedHonestly(at, next.error);
  return await inStep(at, next.values);
}

async function inStep(at: Connected, sizes: readonly number[]): Promise<string> {
  expect(sizes).toEqual([files['/file'].length]);
  expect(await observe(at.ftp.pwd$()).settled).toEqual(['/']);
  expect(await fetch(at, '/file')).toBe(files['/file']);
  expect(await observe(at.ftp.mdtm$('/file')).settled).toEqual([new Date('2024-02-03T04:05:06.000Z')]);
  expect(at.status).toBe('idle');
  return 'in step';
}

async function closedHonestly(at: Connected, error: unknown): Promise<string> {
  const cause = await at.connection.failed;
  expect(cause).toBeInstanceOf(FtpError);
  expect(at.state.values.at(-1)).toEqual({ status: 'closed', cause });
  expect(error).toMatchObject({ code: 'ERR_FTP_CONNECTION', phase: 'queued', cause });
  expect(await observe(at.ftp.noop$()).failed).toMatchObject({ phase: 'queued', cause });
  return 'closed';
}

/** All transfers at all their moments at once, each with a server of its own: so their waits overlap. */
async function leaveEverything(modes: readonly Mode[], server: ScriptedServerOptions): Promise<Record<string, string>> {
  const cases = modes.flatMap((mode) =>
    transferVerbs.flatMap((verb) => momentsOf(verb).map((moment) => ({ mode, verb, moment }))),
  );
  const outcomes = await Promise.all(
    cases.map(async ({ moment, ...one }) => [
      `${one.verb} ${one.mode} ${moment}`,
      await leave(moment, { ...one, ...server }).catch((error: unknown) => String(error)),
    ]),
  );
  return Object.fromEntries(outcomes);
}

/** How the session must be afterwards. */
function expected(modes: readonly Mode[], abort: AbortStyle): Record<string, string> {
  const outcome = (verb: TransferVerb, moment: MomentName): string => {
    // 225 alone to the abort of an upload is what pyftpdlib says when it keeps the upload for the next data connection.
    const lost = abort === '421' || (abort === '225 only' && (verb === 'STOR' || verb === 'APPE'));
    return lost && !notYetSent.includes(moment) && !overByItself.includes(moment) ? 'closed' : 'in step';
  };
  const all = modes.flatMap((mode) =>
    transferVerbs.flatMap((verb) =>
      momentsOf(verb).map((moment) => [`${verb} ${mode} ${moment}`, outcome(verb, moment)]),
    ),
  );
  return Object.fromEntries(all);
}

const bothModes = ['passive', 'active'] as const;

describe('a transfer that is left', () => {
  it.each(everyAbortStyle)('on a server that answers aborts by %s', async (abort) => {
    expect(await leaveEverything(bothModes, { abort })).toEqual(expected(bothModes, abort));
  });

  it('on a server whose replies come byte by byte', async () => {
    const abort = '426+226';
    expect(await leaveEverything(bothModes, { abort, chunking: 'bytes' })).toEqual(expected(bothModes, abort));
  });

  it('on a server that reads during transfers, and ends them at ABOR', async () => {
    const server = { abort: '426+226', abortsAtOnce: true, outOfTurn: ['ABOR'] } as const;
    expect(await leaveEverything(['passive'], server)).toEqual(expected(['passive'], '426+226'));
  });
});
