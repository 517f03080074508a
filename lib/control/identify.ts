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
import { askPortEarly } from './early-port.js';
import { accepted, type FinalReply, refused } from './request.js';
import { protectionCommands, requireProtection } from './secure.js';

const UTF8_ON = /* @__PURE__ */ command('OPTS', 'UTF8', 'ON');

/** What of a login's replies may come after work has started: FEAT's, and UTF-8's. */
export interface Identified {
  /** Resolves when the features are known; rejects when the connection is lost before. */
  readonly rest: Promise<void>;
}

/**
 * Logs in, unless the server did so by itself, and has the protection granted. What a waiting transfer will ask for first
 * goes out with it: then its data connection can be made while the rest comes in.
 */
export async function identify(session: ControlSession, loggedIn: boolean): Promise<Identified> {
  const { settings, conduct } = session;
  if (!loggedIn && settings.pipelineLogin && conduct.refusesLate !== true) return identifyAtOnce(session);
  if (!loggedIn) await identifyStepwise(session);
  return conduct.window.commands > 1 ? granted(session, negotiateAtOnce(session)) : negotiateStepwise(session);
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
async function identifyAtOnce(session: ControlSession): Promise<Identified> {
  const { settings } = session;
  const user = command('USER', settings.user);
  const pass = command('PASS', await settings.password());
  const greeted = session.request(user, { gather: true });
  const admitted = session.request(pass, { gather: true });
  const behind = negotiateAtOnce(session);
  // A server may hang up on a refusal, which is what counts then.
  admitted.catch(() => undefined);
  let asking = user;
  let asked = accept(asking, await greeted);
  // A server that asks for no password, or for an account at once, refuses PASS as out of order (503).
  if (asked.outcome === 'intermediate' && asked.reply.code !== 332) {
    asking = pass;
    asked = accept(asking, await admitted);
  }
  if (asked.outcome === 'completion') return granted(session, behind);
  await giveAccount(session, asking, asked);
  // The server has refused what stood behind the login.
  session.earlyPort = undefined;
  return granted(session, negotiateAtOnce(session));
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

/** What was asked for behind the login, in one write. */
interface Negotiation {
  readonly protection: Promise<readonly FinalReply[]>;
  readonly rest: Promise<readonly FinalReply[]>;
}

/** The longest reply, FEAT's, comes last: it fills the server's first packets, and the others would wait for the next. */
function negotiateAtOnce(session: ControlSession): Negotiation {
  const { settings } = session;
  const protection = session.requestAll(protectionCommands(settings), true);
  prepareTransfer(session);
  const rest = session.requestAll([command('FEAT'), ...(wantsUtf8(session) ? [UTF8_ON] : [])], true);
  for (const asked of [protection, rest]) asked.catch(() => undefined);
  return { protection, rest };
}

/** EPSV, and TYPE unless it lists, for the transfer that waits, if one does; not where it must be brought to a directory first. */
function prepareTransfer(session: ControlSession): void {
  const { settings, user } = session;
  if (settings.directory !== undefined || !user.isUpToDate) return;
  if (!askPortEarly(session, { gather: true }) || session.nextKind === 'listing') return;
  // The transfer asks again for a type that was refused, or for another one.
  session.ensureType(user.wanted.current.type, { gather: true }).catch(() => undefined);
}

async function granted(session: ControlSession, { protection, rest }: Negotiation): Promise<Identified> {
  requireProtection(protectionCommands(session.settings), await protection);
  return { rest: rest.then(([features]) => learnFeatures(session, features)) };
}

/** Step by step, UTF-8 is asked for only where FEAT has named it. */
async function negotiateStepwise(session: ControlSession): Promise<Identified> {
  const protection = protectionCommands(session.settings);
  requireProtection(protection, await session.requestAll(protection, false));
  await relearnFeatures(session);
  if (wantsUtf8(session) && session.features.has('UTF8')) await session.request(UTF8_ON);
  return { rest: Promise.resolve() };
}

/** A server without FEAT has no features. */
function learnFeatures(session: ControlSession, final: FinalReply | undefined): void {
  session.features = final?.outcome === 'completion' ? Features.parse(final.reply.lines) : Features.none;
}

/** FEAT, or FEAT again: what a server said in clear text does not count under TLS. */
export async function relearnFeatures(session: ControlSession): Promise<void> {
  learnFeatures(session, await session.request(command('FEAT')));
}

function wantsUtf8(session: ControlSession): boolean {
  return session.settings.codec.name === 'utf8';
}
