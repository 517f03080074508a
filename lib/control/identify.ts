/**
 * USER, PASS and ACCT as far as the server asks for them (RFC 959 section 5.4, login diagram), and what is settled right
 * behind: FEAT (RFC 2389), the protection of data connections, UTF-8 (RFC 2640).
 *
 * Each step costs a round trip. On servers that were seen to take it, what follows the login goes out in one write; with
 * `pipelineLogin`, the login too, but on those that were seen not to.
 */
import { type Command, command } from '../protocol/command.js';
import { Features } from '../protocol/features.js';
import type { ControlSession } from './control-session.js';
import { accepted, type FinalReply, refused } from './request.js';
import { protectionCommands, requireProtection } from './secure.js';

const UTF8_ON = command('OPTS', 'UTF8', 'ON');

/** Logs in, unless the server did so by itself, and settles the rest. */
export async function identify(session: ControlSession, loggedIn: boolean): Promise<void> {
  const { settings, conduct } = session;
  if (!loggedIn && settings.pipelineLogin && conduct.refusesLate !== true) {
    await identifyAtOnce(session);
    return;
  }
  if (!loggedIn) await identifyStepwise(session);
  await negotiate(session, conduct.window.commands > 1);
}

async function identifyStepwise(session: ControlSession): Promise<void> {
  const { settings } = session;
  const user = command('USER', settings.user);
  const greeted = await session.request(user);
  accepted(greeted, user.masked);
  if (greeted.outcome === 'completion') return;
  if (greeted.reply.code === 332) {
    await giveAccount(session, user, greeted);
    return;
  }
  const pass = command('PASS', await settings.password());
  const admitted = await session.request(pass);
  accepted(admitted, pass.masked);
  if (admitted.outcome === 'intermediate') await giveAccount(session, pass, admitted);
}

/** Everything in one write. What stands behind a refused login is refused too, which does no harm. */
async function identifyAtOnce(session: ControlSession): Promise<void> {
  const { settings } = session;
  const user = command('USER', settings.user);
  const pass = command('PASS', await settings.password());
  const greeted = session.request(user, { gather: true });
  const admitted = session.request(pass, { gather: true });
  const settled = session.requestAll(negotiation(session, true), true);
  // A server may hang up on a refusal, which is what counts then.
  for (const behind of [admitted, settled]) behind.catch(() => undefined);
  let asking = user;
  let asked = accept(asking, await greeted);
  // A server that asks for no password, or for an account at once, refuses PASS as out of order (503).
  if (asked.outcome === 'intermediate' && asked.reply.code !== 332) {
    asking = pass;
    asked = accept(asking, await admitted);
  }
  if (asked.outcome === 'completion') {
    settle(session, await settled);
    return;
  }
  await giveAccount(session, asking, asked);
  await negotiate(session, true);
}

function accept(line: Command, final: FinalReply): FinalReply {
  accepted(final, line.masked);
  return final;
}

async function giveAccount(session: ControlSession, asking: Command, asked: FinalReply): Promise<void> {
  const { account } = session.settings;
  if (account === undefined) throw refused(asking.masked, asked.reply);
  await session.perform('ACCT', account);
}

async function negotiate(session: ControlSession, atOnce: boolean): Promise<void> {
  const lines = negotiation(session, atOnce);
  settle(session, await session.requestAll(lines, atOnce));
  // Step by step, UTF-8 is asked for only where FEAT has named it.
  if (!atOnce && wantsUtf8(session) && session.features.has('UTF8')) await session.request(UTF8_ON);
}

function negotiation(session: ControlSession, atOnce: boolean): readonly Command[] {
  const utf8 = atOnce && wantsUtf8(session) ? [UTF8_ON] : [];
  return [command('FEAT'), ...protectionCommands(session.settings), ...utf8];
}

/** A server without FEAT has no features, and one that refuses UTF8 goes on in its own way; protection must be granted. */
function settle(session: ControlSession, finals: readonly FinalReply[]): void {
  const [features] = finals;
  if (features?.outcome === 'completion') session.features = Features.parse(features.reply.lines);
  const protection = protectionCommands(session.settings);
  requireProtection(protection, finals.slice(1, 1 + protection.length));
}

/** FEAT again: what a server said in clear text does not count under TLS. */
export async function relearnFeatures(session: ControlSession): Promise<void> {
  session.features = Features.none;
  settle(session, [await session.request(command('FEAT'))]);
}

function wantsUtf8(session: ControlSession): boolean {
  return session.settings.codec.name === 'utf8';
}
