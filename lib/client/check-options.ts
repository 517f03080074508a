/**
 * Checks the value of each option. The compiler refuses the table if it lacks an option. A value that its row does not admit is an
 * FtpUsageError. The error names the option and its possible values. It never shows the value, which may be a secret.
 */
import { FtpUsageError } from '../errors.js';
import { isIP } from '../net/address.js';
import { requireTlsOptions } from '../net/tls-options.js';
import { requireKnownOptions, requireKnownParts } from '../protocol/option-names.js';
import { isDelay, isMinRate, MAX_DELAY_MS, MIN_RATE, requireRateParts } from './check-limits.js';
import { isLanguage, isListOfText, isName, isText, isVirtualHost, LANGUAGE, VIRTUAL_HOST } from './check-login.js';
import { CLIENT_ALIASES, RETRY_ALIASES } from './option-aliases.js';
import { DEFAULTS, type FtpOptions, type FtpSessionOptions } from './options.js';
import type { RetryOptions } from './retry.js';
import { isTimeZone, TIME_ZONE } from './time-zone.js';

interface Rule {
  /** Completes the sentence "The option x must be ...". */
  readonly allowed: string;
  readonly admits: (value: unknown) => boolean;
  /** Throws FtpUsageError for a part that there is none of, before the value is looked at. */
  readonly requireParts?: (value: unknown) => void;
}

/** The longest EPRT (RFC 2428) has 62. */
const MIN_COMMAND_BYTES = 64;

const TEXT: Rule = { allowed: 'text without CR, LF and NUL', admits: isText };
const ADDRESS: Rule = { allowed: 'an IP address', admits: (value) => typeof value === 'string' && isIP(value) !== 0 };
const PORT: Rule = { allowed: 'a whole number from 1 to 65535', admits: isPort };
const BOOLEAN: Rule = { allowed: 'true or false', admits: (value) => typeof value === 'boolean' };
const OBJECT: Rule = { allowed: 'an object', admits: (value) => typeof value === 'object' && value !== null };
const COUNT: Rule = { allowed: 'a whole number above 0', admits: isCount };
const TIMEOUT: Rule = {
  allowed: `a number of milliseconds above 0 and up to ${MAX_DELAY_MS}`,
  admits: (value) => isDelay(value) && above(value),
};
const DELAY: Rule = { allowed: `a number of milliseconds from 0 to ${MAX_DELAY_MS}`, admits: isDelay };

/** The values that the parts of `retry` may have. */
const RETRY_RULES: Readonly<Record<keyof RetryOptions, Rule['admits']>> = {
  attempts: isCount,
  delayMs: isDelay,
  maxDelayMs: isDelay,
  when: (value) => typeof value === 'function',
};

const RULES: Readonly<Record<keyof FtpOptions, Rule>> = {
  host: { allowed: 'a host name or an IP address', admits: (value) => value !== '' && isText(value) },
  port: PORT,
  user: TEXT,
  password: {
    allowed: 'text without CR, LF and NUL, or a function that gives it',
    admits: (value) => typeof value === 'function' || isText(value),
  },
  account: TEXT,
  directory: TEXT,
  virtualHost: { allowed: VIRTUAL_HOST, admits: isVirtualHost },
  clientName: { allowed: 'text without CR, LF and NUL, and not empty', admits: isName },
  language: { allowed: LANGUAGE, admits: isLanguage },
  loginCommands: { allowed: 'a list of command lines', admits: isListOfText },
  features: { allowed: "'ask', or a list of features", admits: isFeatures },
  type: oneOf('binary', 'ascii', 'I', 'A'),
  secure: oneOf(false, 'explicit', 'implicit'),
  tls: OBJECT,
  dataProtection: oneOf('private', 'clear'),
  mode: oneOf('passive', 'epsv', 'pasv', 'active'),
  activeAddress: ADDRESS,
  activePorts: { allowed: 'two ports, the first not above the second', admits: isPortRange },
  activePeer: oneOf('same', 'any'),
  family: oneOf(0, 4, 6),
  localAddress: ADDRESS,
  localPort: PORT,
  connectTimeoutMs: TIMEOUT,
  replyTimeoutMs: TIMEOUT,
  stallTimeoutMs: TIMEOUT,
  deadlineMs: DELAY,
  minRate: { allowed: MIN_RATE, admits: isMinRate, requireParts: requireRateParts },
  abortTimeoutMs: TIMEOUT,
  keepAliveMs: DELAY,
  transferKeepAliveMs: DELAY,
  progressIntervalMs: DELAY,
  // Making its codec checks it.
  encoding: { allowed: 'an encoding', admits: () => true },
  compression: oneOf(false, 'deflate'),
  timeZone: { allowed: TIME_ZONE, admits: isTimeZone },
  allowCcc: BOOLEAN,
  pipelineLogin: BOOLEAN,
  trustPasvHost: BOOLEAN,
  maxSessions: COUNT,
  retry: {
    allowed:
      'true, false, or an object of attempts (a whole number above 0), delayMs and maxDelayMs (milliseconds) and when (a function)',
    admits: isRetry,
    requireParts: (value) => requireKnownParts('retry', value, RETRY_RULES, RETRY_ALIASES),
  },
  connectIntervalMs: DELAY,
  idleTimeoutMs: DELAY,
  maxReplyBytes: COUNT,
  maxLineBytes: COUNT,
  maxCommandBytes: atLeast(MIN_COMMAND_BYTES),
  connector: { allowed: 'a function that connects', admits: (value) => typeof value === 'function' },
  signal: { allowed: 'an AbortSignal', admits: (value) => value instanceof AbortSignal },
};

/** Options that `FtpClient` alone has. */
const OF_CLIENTS: readonly Exclude<keyof FtpOptions, keyof FtpSessionOptions>[] = /* @__PURE__ */ Object.freeze([
  'maxSessions',
  'retry',
  'connectIntervalMs',
  'idleTimeoutMs',
]);

/**
 * Throws FtpUsageError for an unknown option, and for the first one with a bad value. An undefined option counts as not given. `ofSession`:
 * for `connect$`, whose session `auth$` can secure later, and not for a client.
 */
export function checkOptions(options: FtpOptions, ofSession: boolean): void {
  if (typeof options !== 'object' || options === null) {
    throw new FtpUsageError('Expected options with a host, or an FTP URL.');
  }
  requireKnownOptions(options, RULES, CLIENT_ALIASES);
  for (const [name, { allowed, admits, requireParts }] of Object.entries(RULES)) {
    const value: unknown = options[name as keyof FtpOptions];
    if (value === undefined && name !== 'host') continue;
    requireParts?.(value);
    if (!admits(value)) throw new FtpUsageError(`The option ${name} must be ${allowed}.`);
  }
  if (ofSession) requireSessionOptions(options);
  if (options.tls !== undefined) {
    checkSecure(options, ofSession);
    requireTlsOptions(options.tls);
  }
  checkFamily('host', options.host, options.family);
  checkFamily('localAddress', options.localAddress, options.family);
}

/** Throws FtpUsageError for options that one session cannot have. A default is no wish: `{ ...DEFAULTS, host }` has all of them. */
function requireSessionOptions(options: FtpOptions): void {
  for (const name of OF_CLIENTS) {
    if (options[name] === undefined || options[name] === DEFAULTS[name]) continue;
    throw new FtpUsageError(`The option ${name} has no effect on the one session of connect$: use FtpClient for it.`);
  }
}

/** TLS options without TLS are a mistake that would send the password in clear, unless clear text was asked for. */
function checkSecure({ secure }: FtpOptions, begunInClear: boolean): void {
  if (secure === 'explicit' || secure === 'implicit' || (begunInClear && secure === false)) return;
  throw new FtpUsageError(
    "The option tls has no effect without secure: give secure: 'explicit' (as a rule port 21) or 'implicit' (port 990).",
  );
}

/** An address belongs to one family in any case, so Node would not look at the option any more. */
function checkFamily(name: string, address = '', family = 0): void {
  if (family === 0 || isIP(address) === 0 || isIP(address) === family) return;
  throw new FtpUsageError(`The option family is ${family}, but ${name} is an IPv${isIP(address)} address.`);
}

/* @__NO_SIDE_EFFECTS__ */
function oneOf(...choices: readonly unknown[]): Rule {
  return {
    allowed: choices.map((choice) => JSON.stringify(choice)).join(' or '),
    admits: (value) => choices.includes(value),
  };
}

/* @__NO_SIDE_EFFECTS__ */
function atLeast(least: number): Rule {
  return {
    allowed: `a whole number from ${least}`,
    admits: (value) => Number.isSafeInteger(value) && Number(value) >= least,
  };
}

function isFeatures(value: unknown): boolean {
  return value === 'ask' || (Array.isArray(value) && value.every((feature) => feature !== '' && isText(feature)));
}

function isPort(value: unknown): boolean {
  return Number.isInteger(value) && above(value) && Number(value) <= 65_535;
}

function isPortRange(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && value.every(isPort) && value[0] <= value[1];
}

function isRetry(value: unknown): boolean {
  if (typeof value === 'boolean') return true;
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).every(
    ([name, part]) => part === undefined || RETRY_RULES[name as keyof RetryOptions](part),
  );
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && above(value);
}

function above(value: unknown): boolean {
  return Number(value) > 0;
}
