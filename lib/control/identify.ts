/**
 * Sends USER, PASS and ACCT as far as the server asks for them (RFC 959 section 5.4, login diagram). FEAT (RFC 2389), the protection of
 * data connections, and UTF-8 (RFC 2640) follow.
 *
 * Each step costs a round trip. On servers that are known to accept it, the commands after the login leave in one write. With
 * `pipelineLogin` the login does too. It does not on servers that are known to refuse it, or whose replies were out of step once.
 */
import { FtpTimeoutError } from '../errors.js';
import { type Command, command } from '../protocol/command.js';
import { Features } from '../protocol/features.js';
import { isUnknownCommand } from '../protocol/reply.js';
import { askPassword } from './ask-password.js';
import type { ControlSession } from './control-session.js';
import { askPortEarly } from './early-port.js';
import type { Optional } from './learned.js';
import { hasLoginSteps, silentStep } from './login-steps.js';
import { accepted, type FinalReply, refused } from './request.js';
import { PBSZ, protectionCommands, requireProtection } from './secure.js';
import type { Session } from './session.js';
import type { SessionSettings } from './settings.js';
import { showsDoubling, wantsDoubling } from './telnet.js';

const FEAT = /* @__PURE__ */ command('FEAT');
const UTF8_ON = /* @__PURE__ */ command('OPTS', 'UTF8', 'ON');

/** The greeting, as far as the login depends on it. */
export interface Greeting {
  /** The server lets the user in without a login. */
  readonly loggedIn: boolean;
  /** It was an unusual reply, or HOST's was; the replies of the login show whether all is in step. */
  readonly odd: boolean;
}

/** The replies of a login that may come after work has started: FEAT's, and UTF-8's. */
export interface Identified {
  /** Resolves when the features are known; rejects when the connection is lost before. */
  readonly rest: Promise<void>;
}

/**
 * Logs in, unless the server did so by itself, and has the protection granted. The first commands of a waiting transfer
 * go out with it: then its data connection can be made while the other replies come in.
 */
export async function identify(session: ControlSession, greeting: Greeting): Promise<Identified> {
  const { settings, profile, learned } = session;
  const { loggedIn } = greeting;
  // The login also asks for the port of a waiting transfer, unless the user says that the server wants PRET first.
  if (settings.features !== 'ask') learnFeatures(session, undefined);
  const atOnce =
    settings.pipelineLogin &&
    profile.refusesLate !== true &&
    !learned.lacks('several commands at once') &&
    !greeting.odd;
  if (!loggedIn && atOnce) return identifyAtOnce(session);
  if (!loggedIn) await identifyStepwise(session, greeting.odd);
  return profile.window.commands > 1 ? granted(session, negotiateAtOnce(session)) : negotiateStepwise(session);
}

/** Step by step. No fence may come before the last step, which decides about odd replies to the earlier ones. */
async function identifyStepwise(session: ControlSession, greetingOdd: boolean): Promise<void> {
  const { settings } = session;
  const user = command('USER', settings.user);
  const greeted = await session.request(user, { inSequence: true });
  admitted(session, user, greeted);
  const doubtful = greetingOdd || greeted.odd === true;
  if (greeted.outcome === 'completion' && greeted.odd !== true) {
    if (doubtful) await session.bringIntoStep();
    return;
  }
  if (greeted.reply.code === 332) {
    await giveAccount(session, user, greeted);
    return;
  }
  const pass = command('PASS', await askPassword(session));
  const letIn = await session.request(pass, { doubtful });
  if (letIn.reply.code === 503 && greeted.reply.class === 2) return;
  admitted(session, pass, letIn);
  if (letIn.outcome === 'intermediate') await giveAccount(session, pass, letIn);
}

/** Everything in one write. The commands behind a refused login are refused too, which does no harm. */
async function identifyAtOnce(session: ControlSession): Promise<Identified> {
  const { settings } = session;
  const user = command('USER', settings.user);
  const pass = command('PASS', await askPassword(session));
  const greeted = session.request(user, { gather: true });
  const letIn = session.request(pass, { gather: true });
  const behind = negotiateAtOnce(session);
  // A server may hang up after a refusal, and the refusal counts then.
  letIn.catch(() => undefined);
  let asking = user;
  let asked = admitted(session, asking, await greeted);
  // A server that asks for no password, or for an account at once, refuses PASS as out of order (503).
  if (asked.outcome === 'intermediate' && asked.reply.code !== 332) {
    asking = pass;
    asked = admitted(session, asking, await letIn);
  }
  if (asked.outcome === 'completion') return granted(session, behind);
  await giveAccount(session, asking, asked);
  // The server has refused what stood behind the login.
  session.earlyPort = undefined;
  return granted(session, negotiateAtOnce(session));
}

/** The reply, unless the server has refused the login, perhaps for its own reasons. */
function admitted({ learned, settings, tls }: ControlSession, line: Command, final: FinalReply): FinalReply {
  if (showsDoubling(final.reply)) learned.doublesIac = true;
  accepted(final, line.masked, { secured: tls !== undefined, user: settings.user });
  return final;
}

async function giveAccount(session: ControlSession, asking: Command, asked: FinalReply): Promise<void> {
  const { account } = session.settings;
  if (account === undefined) throw refused(asking.masked, asked.reply);
  await session.perform('ACCT', account);
}

/** The replies to the commands behind the login, which went out in one write. */
interface Negotiation {
  readonly protection: Promise<readonly FinalReply[]>;
  readonly rest: Promise<readonly FinalReply[]>;
}

/** The longest reply, FEAT's, comes last: it fills the server's first packets, and the others would wait for the next. */
function negotiateAtOnce(session: ControlSession): Negotiation {
  const protection = session.requestAll(protectionCommands(session), true);
  prepareTransfer(session);
  const asked = [...(asksFeatures(session) ? [FEAT] : []), ...(wantsUtf8(session) ? [UTF8_ON] : [])];
  const rest = session.requestAll(asked, true);
  for (const asked of [protection, rest]) asked.catch(() => undefined);
  return { protection, rest };
}

/** EPSV, and TYPE unless it lists, for the transfer that waits, if one does; not where other commands have to go before it. */
function prepareTransfer(session: ControlSession): void {
  const { settings, user } = session;
  if (settings.directory !== undefined || hasLoginSteps(settings) || !user.isApplied) return;
  if (!askPortEarly(session, { gather: true }) || session.nextKind === 'listing') return;
  // The transfer asks again for a type that was refused, or for another one.
  session.ensureType(user.wanted.current.type, { gather: true }).catch(() => undefined);
}

async function granted(session: ControlSession, { protection, rest }: Negotiation): Promise<Identified> {
  requireProtection(session, await protection);
  return { rest: rest.then(([first]) => learnFeatures(session, asksFeatures(session) ? first : undefined)) };
}

/** Step by step, UTF-8 is asked for only where FEAT has named it. */
async function negotiateStepwise(session: ControlSession): Promise<Identified> {
  const finals: (FinalReply | undefined)[] = [];
  for (const line of protectionCommands(session)) finals.push(await session.requestOptional(line));
  requireProtection(session, finals);
  await relearnFeatures(session);
  if (wantsUtf8(session) && session.features.has('UTF8')) await session.requestOptional(UTF8_ON);
  return { rest: Promise.resolve() };
}

/** Whether the server is asked for its features. */
function asksFeatures({ learned, settings }: Session): boolean {
  return settings.features === 'ask' && !learned.lacks('FEAT');
}

/** Features that the user has named stand. A server without FEAT has none. */
function learnFeatures(session: Session, final: FinalReply | undefined): void {
  const { features } = session.settings;
  if (features !== 'ask') {
    session.learn({ type: 'features named', features: Features.of(features) });
    return;
  }
  const isKnown = final?.outcome === 'completion';
  const named = isKnown ? Features.parse(final.reply.lines) : Features.none;
  session.learn({ type: 'features named', features: named });
  if (wantsDoubling(named)) session.channel.lineLimit = { ...session.channel.lineLimit, doublesIac: true };
  if (final?.outcome === 'refusal' && isUnknownCommand(final.reply))
    session.fallBack('FEAT', 'no features', final.reply);
}

/** FEAT, or FEAT again: answers in clear text do not count under TLS. */
export async function relearnFeatures(session: Session): Promise<void> {
  learnFeatures(session, asksFeatures(session) ? await session.requestOptional(FEAT) : undefined);
}

function wantsUtf8({ learned, settings }: Session): boolean {
  return settings.codec.name === 'utf8' && !learned.lacks('OPTS UTF8');
}

/** The commands of a login that a server may leave without any answer: a login does without them. */
function optionalOf(line: string | undefined): Optional | undefined {
  if (line === FEAT.line) return 'FEAT';
  if (line === UTF8_ON.line) return 'OPTS UTF8';
  return line === PBSZ.line ? 'PBSZ' : undefined;
}

/** The command on whose answer a login waited in vain, if the login can do without it. */
export function silentOption(error: unknown, settings: SessionSettings): Optional | undefined {
  return error instanceof FtpTimeoutError ? (optionalOf(error.command) ?? silentStep(error, settings)) : undefined;
}
