/** Answers FEAT and OPTS (RFC 2389), and lists the server's features. */

import { FACTS } from '../listing-format.js';
import type { Session } from '../session.js';
import type { CommandServer, HandlerTable } from './handler.js';
import { ALGORITHMS, algorithmOf } from './hash.js';

const PLAIN = ['UTF8', 'EPRT', 'EPSV', 'MDTM', 'MFMT', 'SIZE', 'REST STREAM', 'TVFS', 'RANG STREAM'];

function featuresOf(session: Session, server: CommandServer): readonly string[] {
  const hashes = Object.keys(ALGORITHMS).map((name) => (name === session.state.hash ? `${name}*` : name));
  const facts = FACTS.map((fact) => (isTold(session, fact) ? `${fact}*;` : `${fact};`));
  return [
    ...PLAIN,
    `HASH ${hashes.join(';')}`,
    ...(server.listing === 'mlsd' ? [`MLST ${facts.join('')}`] : []),
    ...(server.mode === 'explicit' ? ['AUTH TLS'] : []),
    ...(server.tls === undefined ? [] : ['PBSZ', 'PROT']),
  ];
}

function isTold({ state }: Session, fact: string): boolean {
  return state.facts?.includes(fact) !== false;
}

export const featureCommands: HandlerTable = {
  FEAT(session, _argument, server) {
    return session.reply('211-Features:', ...featuresOf(session, server).map((feature) => ` ${feature}`), '211 End');
  },
  OPTS(session, argument, { listing }) {
    const [, name = '', value = ''] = /^(\S+) ?(.*)$/.exec(argument) ?? [];
    const option = name.toUpperCase();
    if (option === 'UTF8' || option === 'UTF-8') return utf8(session, value);
    if (option === 'MLST' && listing === 'mlsd') return chooseFacts(session, value);
    if (option === 'HASH') return chooseHash(session, value);
    return session.reply('501 This option is not known.');
  },
};

function utf8(session: Session, value: string): Promise<void> {
  return session.reply(/^(ON)?$/i.test(value) ? '200 Names are UTF-8.' : '504 Names are always UTF-8.');
}

/** Facts that are not known are left out of the reply (RFC 3659 section 7.9). */
function chooseFacts(session: Session, value: string): Promise<void> {
  const wanted = value.toLowerCase().split(';');
  const chosen = FACTS.filter((fact) => wanted.includes(fact));
  session.state.facts = chosen;
  return session.reply(`200 MLST OPTS ${chosen.map((fact) => `${fact};`).join('')}`.trimEnd());
}

function chooseHash(session: Session, value: string): Promise<void> {
  const chosen = value === '' ? session.state.hash : algorithmOf(value);
  if (chosen === undefined) return session.reply('504 This algorithm is not known.');
  session.state.hash = chosen;
  return session.reply(`200 ${chosen}`);
}
