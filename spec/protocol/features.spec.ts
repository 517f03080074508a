import { describe, expect, it } from 'vitest';
import { FtpProtocolError } from '../../lib/errors.js';
import { Features } from '../../lib/protocol/features.js';

const PROFTPD = [
  'Features:',
  ' AUTH TLS',
  ' MLST modify*;perm*;size*;type*;unique;UNIX.mode ',
  ' mdtm',
  ' REST STREAM',
  ' LANG en-US.UTF-8*;en-US',
  'End',
];

describe('Features', () => {
  it('knows names in any case, and their parameters', () => {
    const features = Features.parse(PROFTPD);
    expect(features.names).toEqual(['AUTH', 'MLST', 'MDTM', 'REST', 'LANG']);
    expect(features.has('mlst')).toBe(true);
    expect(features.has('Mdtm')).toBe(true);
    expect(features.has('MLSD')).toBe(false);
    expect(features.parameters('rest')).toBe('STREAM');
    expect(features.parameters('MDTM')).toBe('');
    expect(features.parameters('SIZE')).toBeUndefined();
  });

  it('reads the facts of MLST, and which are on', () => {
    const enabled = ['modify', 'perm', 'size', 'type'].map((name) => ({ name, enabled: true }));
    const disabled = ['unique', 'UNIX.mode'].map((name) => ({ name, enabled: false }));
    expect(Features.parse(PROFTPD).mlstFacts).toEqual([...enabled, ...disabled]);
    expect(Features.none.mlstFacts).toEqual([]);
  });

  it.each<[names: string, verbs: [string, boolean][], after: string[], facts: number]>([
    ['none of its verbs', [], ['MLST', 'SIZE'], 2],
    ['MLST that works', [['MLST', true]], ['MLST', 'SIZE'], 2],
    ['MLSD that works', [['MLSD', true]], ['MLST', 'SIZE'], 2],
    ['MLST that is unknown', [['MLST', false]], ['SIZE', 'MLSD'], 2],
    ['MLSD that is unknown', [['MLSD', false]], ['MLST', 'SIZE'], 2],
    [
      'both that are unknown',
      [
        ['MLSD', false],
        ['MLST', false],
      ],
      ['SIZE'],
      0,
    ],
    [
      'MLSD that works without MLST',
      [
        ['MLST', false],
        ['MLSD', true],
      ],
      ['SIZE', 'MLSD'],
      2,
    ],
    ['AVBL that works', [['AVBL', true]], ['MLST', 'SIZE', 'AVBL'], 2],
    ['SIZE that is unknown', [['SIZE', false]], ['MLST'], 2],
  ])('are corrected by %s', (_what, verbs, after, facts) => {
    const named = Features.of(['MLST type*;size*;', 'SIZE']);
    const corrected = named.corrected(new Map(verbs));
    expect(corrected.names).toEqual(after);
    expect(corrected.mlstFacts).toHaveLength(facts);
    expect(named.names).toEqual(['MLST', 'SIZE']);
  });

  it('reads the algorithms of HASH', () => {
    expect(Features.parse(['x', ' HASH SHA-256*;SHA-1;', 'End']).hashAlgorithms).toEqual([
      { name: 'SHA-256', enabled: true },
      { name: 'SHA-1', enabled: false },
    ]);
  });

  it('reads prefixed lines, deeper indents and blank ones', () => {
    expect(Features.parse(['Features', '211-SIZE', '211 MDTM', '   UTF8', '', ' ', 'End']).names).toEqual([
      'SIZE',
      'MDTM',
      'UTF8',
    ]);
  });

  it('joins a feature that is named twice', () => {
    expect(Features.parse(['x', ' AUTH SSL', ' AUTH TLS', ' EPSV', ' EPSV x', 'End']).parameters('AUTH')).toBe(
      'SSL;TLS',
    );
    expect(Features.parse(['x', ' EPSV', ' EPSV x', 'End']).parameters('EPSV')).toBe('x');
    expect(Features.parse(['x', ' EPSV x', ' EPSV', 'End']).parameters('EPSV')).toBe('x');
  });

  it.each([[[]], [['No features']], [['Features:', 'End']]])('finds none in %j', (lines) => {
    expect(Features.parse(lines).names).toEqual([]);
    expect(Features.none.names).toEqual([]);
  });

  it('bounds them (a million features)', () => {
    const lines = Array.from({ length: 1_000_000 }, (_, index) => ` F${index}`);
    expect(() => Features.parse(lines)).toThrow(FtpProtocolError);
    expect(Features.parse(lines.slice(0, 1026)).names).toHaveLength(1024);
  });
});
