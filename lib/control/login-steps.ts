/**
 * Sends the commands after a login that need the features: CLNT, LANG (RFC 2640), and the user's own `loginCommands`.
 *
 * It sends them one by one. The reply to each decides about the next one, and a refused command may end the login.
 */
import { FtpReplyError, FtpTimeoutError } from '../errors.js';
import { type Command, command } from '../protocol/command.js';
import type { Reply } from '../protocol/reply.js';
import type { Optional } from './learned.js';
import { refused } from './request.js';
import type { Session } from './session.js';
import type { LoginCommand, SessionSettings } from './settings.js';

/** A command of this library's own, which a login can do without. */
interface OwnStep {
  readonly what: Extract<Optional, 'CLNT' | 'LANG'>;
  readonly line: Command;
  /** The replacement if the server refuses it. */
  readonly to: string;
}

/** Whether anything follows the login. */
export function hasLoginSteps({ clientName, language, loginCommands }: SessionSettings): boolean {
  return clientName !== undefined || language !== undefined || loginCommands.length > 0;
}

/** Runs them in order. Throws if a login command is refused that may not fail. */
export async function runLoginSteps(session: Session): Promise<void> {
  for (const step of ownSteps(session.settings)) await runOwn(session, step);
  for (const login of session.settings.loginCommands) await runLoginCommand(session, login);
}

function ownSteps({ clientName, language }: SessionSettings): readonly OwnStep[] {
  const steps: OwnStep[] = [];
  if (clientName !== undefined) steps.push({ what: 'CLNT', line: command('CLNT', clientName), to: 'no client name' });
  if (language !== undefined) steps.push({ what: 'LANG', line: command('LANG', language), to: 'its own language' });
  return steps;
}

/** A client's name and a language change nothing but texts. */
async function runOwn(session: Session, { what, line, to }: OwnStep): Promise<void> {
  if (!session.features.has(what) || session.learned.lacks(what)) return;
  const final = await session.requestOptional(line);
  if (final?.outcome !== 'completion') session.fallBack(what, to, final?.reply);
}

async function runLoginCommand(session: Session, { command: line, mayFail }: LoginCommand): Promise<void> {
  const final = mayFail ? await session.requestOptional(line) : await session.request(line);
  if (final !== undefined && final.outcome !== 'refusal') return;
  if (final !== undefined && !mayFail) throw refusedStep(line, final.reply);
  const reply = final === undefined ? {} : { reply: final.reply };
  session.tell({ type: 'fallback', what: line.masked, to: 'the session without it', ...reply });
}

function refusedStep({ masked }: Command, reply: Reply): FtpReplyError {
  const { message } = refused(masked, reply);
  const advice = 'correct the option loginCommands, or let the command begin with "-" if the session can do without it';
  return new FtpReplyError(`The login command ${message}; ${advice}`, { command: masked, reply });
}

/** The command on whose answer these steps have waited in vain, if they can do without it. */
export function silentStep(error: unknown, settings: SessionSettings): OwnStep['what'] | undefined {
  if (!(error instanceof FtpTimeoutError)) return undefined;
  return ownSteps(settings).find(({ line }) => line.masked === error.command)?.what;
}
