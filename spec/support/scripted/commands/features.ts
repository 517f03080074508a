/** FEAT and OPTS: what the server says it can do. */
import type { HandlerTable } from './handler.js';

const plainFeatures = [
  'UTF8',
  'EPRT',
  'EPSV',
  'MDTM',
  'MFMT',
  'SIZE',
  'REST STREAM',
  'TVFS',
  'MLST type*;size*;modify*;',
];

export function defaultFeatures(tls: 'explicit' | 'implicit' | undefined): string[] {
  if (tls === undefined) return plainFeatures;
  return [...plainFeatures, ...(tls === 'explicit' ? ['AUTH TLS'] : []), 'PBSZ', 'PROT'];
}

export const featureCommands: HandlerTable = {
  FEAT(session, _argument, { features }) {
    if (features.length === 0) return session.reply('211 No features.');
    return session.reply(['211-Features:', ...features.map((feature) => ` ${feature}`), '211 End'].join('\r\n'));
  },
  OPTS(session, argument) {
    if (/^UTF8( ON)?$/i.test(argument)) return session.reply('200 Always in UTF8 mode.');
    const [, facts] = /^MLST ?(.*)$/i.exec(argument) ?? [];
    if (facts !== undefined) {
      session.state.facts = facts.toLowerCase().split(';').filter(Boolean);
      return session.reply(`200 MLST OPTS ${facts}`.trimEnd());
    }
    return session.reply('501 Option not understood.');
  },
};
