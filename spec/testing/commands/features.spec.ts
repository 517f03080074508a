import { describe, expect, it } from 'vitest';
import { dialogue, type Line, loggedIn } from '../support/raw.js';

describe('FEAT and OPTS', () => {
  it('name what the server can do', async () => {
    await using at = await loggedIn();
    const features = (await at.client.send('FEAT'))?.split('\r\n').map((line) => line.trim());
    for (const feature of ['UTF8', 'EPSV', 'EPRT', 'SIZE', 'MDTM', 'MFMT', 'REST STREAM', 'RANG STREAM']) {
      expect(features).toContain(feature);
    }
    expect(features).toContain('HASH SHA-256*;SHA-512;SHA-1;MD5');
    expect(features).toContain('MLST type*;size*;modify*;perm*;unix.mode*;');
    expect(features).not.toContain('AUTH TLS');
  });

  it('choose the facts and the hash', async () => {
    await using at = await loggedIn();
    const lines: Line[] = [
      ['OPTS UTF8 ON', '200 '],
      ['OPTS UTF8', '200 '],
      ['OPTS UTF8 OFF', '504 '],
      ['OPTS MLST size;nope;type;', '200 MLST OPTS type;size;'],
      ['OPTS HASH', '200 SHA-256'],
      ['OPTS HASH md5', '200 MD5'],
      ['OPTS HASH CRC', '504 '],
      ['OPTS NOPE', '501 '],
    ];
    expect(await dialogue(at.client, lines)).toEqual(lines);
    const features = await at.client.send('FEAT');
    expect(features).toContain(' HASH SHA-256;SHA-512;SHA-1;MD5*\r\n');
    expect(features).toContain(' MLST type*;size*;modify;perm;unix.mode;\r\n');
    expect((await at.client.download('MLSD dir')).bytes.toString()).toBe('type=file;size=4; b.txt\r\n');
  });

  it.each(['unix', 'dos'] as const)('know no MLSD where the listing is %s', async (listing) => {
    await using at = await loggedIn({ listing });
    expect(await at.client.send('FEAT')).not.toContain('MLST');
    const lines: Line[] = [
      ['MLST a.txt', '500 '],
      ['MLSD', '500 '],
      ['OPTS MLST type;', '501 '],
    ];
    expect(await dialogue(at.client, lines)).toEqual(lines);
  });
});
