/** Options on a prototype: a user's class with a getter, or defaults by `Object.create`. They are refused, and never ignored. */
import type { Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpClient, type FtpOperations, FtpUsageError, lines } from '../../lib/index.js';
import { download$ } from '../../lib/recipes/index.js';
import { observe } from '../support/observe.js';
import { scriptedServer } from '../support/scripted-server.js';
import { clientOf, optionsFor } from './support/open.js';

/** `parts` on a prototype, in each way that they can stand there. */
function inherited(parts: object, own: object = {}): readonly object[] {
  class Getters {}
  const getters = Object.entries(parts).map(([name, value]) => [name, { get: () => value, configurable: true }]);
  Object.defineProperties(Getters.prototype, Object.fromEntries(getters));
  class Derived extends Getters {}
  const bare = Object.assign(Object.create(null), parts);
  const prototypes = [parts, Getters.prototype, Derived.prototype, bare, Object.create(bare)];
  const hidden = Object.defineProperties({}, Object.fromEntries(getters));
  return [...prototypes.map((prototype) => Object.create(prototype)), hidden].map((made) => Object.assign(made, own));
}

describe('a user whose options are not all properties of the object itself', () => {
  it('is told that secure is a getter of a class, and no password goes out in clear', async () => {
    await using server = await scriptedServer();
    const { host, port } = optionsFor(server);
    class Configuration {
      readonly host = host;
      readonly port = port as number;
      readonly user = 'me';
      readonly password = 'secret';
      get secure() {
        return 'explicit' as const;
      }
    }
    expect(() => new FtpClient(new Configuration())).toThrow(FtpUsageError);
    expect(() => new FtpClient(new Configuration())).toThrow('The option secure is inherited, a getter of a class');
    expect(server.commands).toEqual([]);
  });

  it('is not logged in as anonymous where Object.create has made them', () => {
    for (const options of inherited({ user: 'root', secure: 'explicit' }, { host: 'ftp.example.com' })) {
      expect(() => new FtpClient(options as never)).toThrow(/The option (user|secure) is inherited/);
    }
  });

  it('is told of an unknown one there as well', () => {
    for (const options of inherited({ username: 'root' }, { host: 'ftp.example.com' }).slice(0, -1)) {
      expect(() => new FtpClient(options as never)).toThrow('The option username is inherited');
    }
  });

  it.each([
    ['tls', { rejectUnauthorized: false }],
    ['retry', { attempts: 2 }],
    ['minRate', { bytesPerSecond: 5, overMs: 5 }],
  ])('is told of a part of %s', (option, parts) => {
    for (const given of inherited(parts)) {
      const options = { host: 'ftp.example.com', secure: 'explicit', [option]: given };
      expect(() => new FtpClient(options as never)).toThrow(
        new RegExp(`The option ${option} has a part that would be ignored: \\w+ is inherited`),
      );
    }
  });

  it.each<[string, object, (ftp: FtpOperations, options: never) => Observable<unknown>]>([
    ['size$', { signal: AbortSignal.abort() }, (ftp, options) => ftp.size$('/a', options)],
    ['retr$', { start: 5 }, (ftp, options) => ftp.retr$('/a', options)],
    ['stor$', { verify: 'size' }, (ftp, options) => ftp.stor$('/a', 'x', options)],
    ['stor$', { unknown: 5 }, (ftp, options) => ftp.stor$('/a', 'x', options)],
    ['retrLines$', { deadlineMs: 5 }, (ftp, options) => ftp.retrLines$('/a', options)],
    ['storLines$', { deletePartial: true }, (ftp, options) => ftp.storLines$('/a', ['x'], options)],
    ['list$', { args: '-a' }, (ftp, options) => ftp.list$('/', options)],
    ['mlsd$', { facts: ['size'] }, (ftp, options) => ftp.mlsd$('/', options)],
    ['entries$', { deadlineMs: 5 }, (ftp, options) => ftp.entries$('/', options)],
    ['exchange$', { expect: 2 }, (ftp, options) => ftp.exchange$('NOOP', options)],
    ['transfer$', { start: 5 }, (ftp, options) => ftp.transfer$('RETR /a', options)],
    ['download$', { verify: 'size' }, (ftp, options) => download$(ftp, '/a', '/nowhere/a', options)],
  ])('is told by %s, with nothing sent: %j', async (_name, parts, call) => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    const ways = 'unknown' in parts ? inherited(parts).slice(0, -1) : inherited(parts);
    for (const options of ways) {
      const error = await observe(call(ftp, options as never)).failed;
      expect(error).toBeInstanceOf(FtpUsageError);
      expect(error).toMatchObject({ message: expect.stringMatching(/The option [\w$]+ is inherited/) });
    }
    expect(server.commands).toEqual([]);
  });

  it('is told by an operator', () => {
    for (const options of inherited({ decode: () => '' })) {
      expect(() => lines(options as never)).toThrow('The option decode is inherited');
    }
  });

  it('may have them in a class with methods of its own, or with own getters', async () => {
    class Options {
      readonly host = 'ftp.example.com';
      describe(): string {
        return this.host;
      }
    }
    await using _ofClass = new FtpClient(new Options());
    await using _ofGetter = new FtpClient({
      get host() {
        return 'ftp.example.com';
      },
    });
    expect(() => new FtpClient({ host: 'a', retry: new (class {})() })).toThrow('option retry must be an object like');
    expect(() => new FtpClient({ host: 'a', secure: 'explicit', tls: [] as never })).toThrow('option tls must be');
  });
});
