/** Names with the byte 0xFF, which is Telnet's on a control connection: each server stores and finds just these names. */
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { all, last } from '../support/interop/outcome.js';
import { Workplace } from '../support/interop/workplace.js';
import { observe } from '../support/observe.js';
import { describeServers } from '../support/real-servers/describe-servers.js';
import { serverNames } from '../support/real-servers/installed.js';

/** pyftpdlib takes names for UTF-8, in which the byte does not occur, and stores others in their place. */
const servers = serverNames.filter((name) => name !== 'pyftpdlib');

/** Before an ordinary byte, at the end, before another one, and before what Telnet has commands for (DO, IP, WILL). */
const names = ['aÿb', 'zÿ', 'cÿÿd', 'eÿýf', 'gÿôh', 'iÿûj'];

const cyrillic = {
  encode: (text: string) => Uint8Array.from(text, (unit) => (unit === 'я' ? 0xff : unit.charCodeAt(0))),
  decode: (bytes: Uint8Array) => new TextDecoder('windows-1251').decode(bytes),
};

describeServers(servers, (name) => {
  let place: Workplace;
  beforeAll(async () => {
    place = await Workplace.open(name, {});
  });
  afterAll(() => place?.close());

  const onDisk = (directory: string): string[] =>
    readdirSync(directory, { encoding: 'buffer' }).map((found) => found.toString('latin1'));

  it.each(names)('keeps %j in every command, and in PWD and MKD', async (named) => {
    await using at = await place.visit({}, { encoding: 'latin1' });
    await last(at.ftp.stor$(named, 'content'));
    expect(onDisk(at.local('.'))).toEqual([named]);
    expect(await all(at.ftp.size$(named))).toEqual([7]);
    await last(at.ftp.rename$(named, `${named}2`));
    await last(at.ftp.dele$(`${named}2`));
    const made = await last(at.ftp.mkd$(named));
    expect(made.endsWith(named)).toBe(true);
    await last(at.ftp.cwd$(named));
    expect(await last(at.ftp.pwd$())).toBe(`${at.directory}/${named}`);
    await last(at.ftp.stor$('inside', 'x'));
    await last(at.ftp.cwd$(at.directory));
    expect((await all(at.ftp.entries$(named))).map((entry) => entry.name)).toEqual(['inside']);
    expect((await all(at.ftp.entries$())).map((entry) => entry.name)).toEqual([named]);
  });

  it('keeps я of windows-1251, by an encoding of the user’s own', async () => {
    await using at = await place.visit({}, { encoding: cyrillic });
    await last(at.ftp.mkd$('яя'));
    expect(onDisk(at.local('.'))).toEqual(['ÿÿ']);
    await last(at.ftp.cwd$('яя'));
    expect(await last(at.ftp.pwd$())).toBe(`${at.directory}/яя`);
  });

  it('keeps the byte as utf8 does, which has no character for it', async () => {
    await using at = await place.visit({}, {});
    const named = 'a\udcffb';
    await last(at.ftp.stor$(named, 'content'));
    expect(onDisk(at.local('.'))).toEqual(['aÿb']);
    expect((await all(at.ftp.entries$())).map((entry) => entry.name)).toEqual([named]);
  });
});

const nameless = { vsftpd: 'ftpd_banner=Welcome.', proftpd: 'ServerIdent off', inetutils: '--no-version' } as const;

describe.each(['vsftpd', 'proftpd', 'inetutils'] as const)('%s, whose greeting does not name it,', (name) => {
  describeServers([name], () => {
    let place: Workplace;
    beforeAll(async () => {
      place = await Workplace.open(name, { extra: [nameless[name]] });
    });
    afterAll(() => place?.close());

    it('keeps the same names, in the replies to PWD and MKD too, and for all sessions', async () => {
      await using at = await place.visit({}, { encoding: 'windows-1251', maxSessions: 2 });
      const replies = observe(at.ftp.reply$);
      await last(at.ftp.noop$());
      replies.unsubscribe();
      expect(replies.values[0]?.text).not.toMatch(/vsftpd|proftpd|inetutils/i);
      for (const named of ['я', 'яя', 'пояте']) {
        expect(await last(at.ftp.mkd$(named))).toBe(`${at.directory}/${named}`);
        await last(at.ftp.cwd$(named));
        expect(await last(at.ftp.pwd$())).toBe(`${at.directory}/${named}`);
        await Promise.all([last(at.ftp.stor$('а', 'x')), last(at.ftp.stor$('б', 'x'))]);
        expect((await all(at.ftp.nlst$())).filter((found) => !found.startsWith('.')).sort()).toEqual(['а', 'б']);
        await last(at.ftp.cwd$(at.directory));
      }
    });
  });
});
