/** What to do about a refusal, for the end of an error message. Codes are the field's (RFC 959 section 4.2). */
import type { Reply } from '../protocol/reply.js';

const BY_VERB: Readonly<Record<string, string>> = {
  'PASS 530': 'check user and password',
  'USER 530': 'check the user, or the server allows no more logins just now',
  'PASS 332': 'the server wants an account: give the option account',
  'USER 332': 'the server wants an account: give the option account',
  'STOR 550': 'may this user write there, and does the directory exist?',
  'STOR 553': 'may this user write there, and does the directory exist?',
  'APPE 550': 'may this user write there, and does the directory exist?',
  'APPE 553': 'may this user write there, and does the directory exist?',
  'MKD 550': 'it may exist already, or this user may not write there',
  'RMD 550': 'does it exist, is it empty, may this user remove it?',
};

const BY_CODE: Readonly<Record<number, string>> = {
  425: 'the data connection could not be opened: a firewall; or under TLS a server that accepts the TLS session no longer, where the next operation opens a new one',
  426: 'the data connection broke',
  450: 'the file is busy or not there; it may work later',
  452: 'the disk or the quota of the server is full',
  500: 'the server does not know this command',
  501: 'the server does not take this argument',
  502: 'the server does not have this command',
  504: 'the server does not take this parameter',
  522: 'the server wants the TLS session of the control connection resumed, and accepts it no longer: the next operation opens a new one',
  530: 'not logged in, or not allowed to this user',
  532: 'the server wants an account: give the option account',
  534: 'the server demands a protected session: set secure',
  550: 'does it exist, and may this user touch it?',
  551: 'does it exist, and may this user touch it?',
  552: 'the disk or the quota of the server is full',
  553: 'this name is not allowed, or this user may not write there',
};

/** A hint for this refusal of `command`, or undefined where the reply says all there is to say. */
export function adviceFor(command: string, reply: Reply): string | undefined {
  const verb = command.split(' ', 1)[0] ?? '';
  return BY_VERB[`${verb} ${reply.code}`] ?? BY_CODE[reply.code];
}
