/**
 * No string that a user gives can become a command of its own: every method of the client, found by reflection, with CR,
 * LF and NUL in every argument that is text.
 */
import { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { defer, isObservable, type Observable, of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpCommands } from '../../lib/client/ftp-commands.js';
import { type CommandSequence, FtpClient, FtpSession, FtpUsageError, type MlsdOptions } from '../../lib/index.js';
import { observe } from '../support/observe.js';
import { scriptedServer } from '../support/scripted-server.js';
import { clientOf } from './support/open.js';

const evils = ['a\r\nDELE b', 'a\nDELE b', 'a\rb', 'a\0b', '\n', '\r\n', '\0', 'a\ud800b'];

type Arguments = readonly unknown[];
/** Where the text goes: the arguments of a call, with `text` in one place that a user fills. */
type Call = (text: string) => Arguments;

/** Every method, with every place where text can be given. A method without an entry fails the spec. */
const calls: Readonly<Record<string, readonly Call[]>> = {
  abor$: [],
  acct$: [(text) => [text]],
  allo$: [],
  appe: [(text) => [text]],
  appe$: [(text) => [text, 'x']],
  auth$: [],
  avbl$: [(text) => [text]],
  ccc$: [],
  cdup$: [],
  chmod$: [(text) => [text, 0o644], (text) => ['a', text]],
  close$: [],
  cwd$: [(text) => [text]],
  dele$: [(text) => [text]],
  entries$: [(text) => [text]],
  exchange$: [(text) => [`NOOP ${text}`, { expect: 2 }], (text) => [text, { expect: 2 }]],
  feat$: [],
  hash$: [(text) => [text], (text) => ['a', { algorithm: text }]],
  help$: [(text) => [text]],
  list$: [(text) => [text], (text) => ['a', { args: text }]],
  lookup$: [(text) => [text]],
  mdtm$: [(text) => [text]],
  mfmt$: [(text) => [text, new Date(0)]],
  mkd$: [(text) => [text]],
  mlsd$: [(text) => [text], (text) => ['a', { facts: [text] } satisfies MlsdOptions]],
  mlst$: [(text) => [text]],
  mode$: [(text) => [text]],
  nlst$: [(text) => [text], (text) => ['a', { args: text }]],
  noop$: [],
  opts$: [(text) => [text], (text) => ['UTF8', text]],
  pbsz$: [(text) => [text]],
  prot$: [(text) => [text]],
  pwd$: [],
  rein$: [],
  rename$: [(text) => [text, 'b'], (text) => ['a', text]],
  retr: [(text) => [text]],
  retr$: [(text) => [text]],
  retrLines$: [(text) => [text]],
  rmd$: [(text) => [text]],
  send$: [(text) => [`NOOP ${text}`], (text) => [text]],
  sequence$: [
    (text) => [(commands: CommandSequence) => commands.send$(text)],
    (text) => [(commands: CommandSequence) => commands.transferElsewhere$(text)],
    (text) => [(commands: CommandSequence) => defer(() => of(commands.atEnd(text)))],
  ],
  site$: [(text) => [text]],
  size$: [(text) => [text]],
  smnt$: [(text) => [text]],
  stat$: [(text) => [text]],
  stor: [(text) => [text]],
  stor$: [(text) => [text, 'x']],
  storLines$: [(text) => [text, ['x']]],
  stou$: [(text) => ['x', text]],
  syst$: [],
  transfer$: [(text) => [`RETR ${text}`], (text) => [`STOR ${text}`, { source: 'x' }], (text) => [text]],
  type$: [(text) => [text]],
};

function methodsOf(prototype: object): string[] {
  return Object.entries(Object.getOwnPropertyDescriptors(prototype))
    .filter(([name, { value }]) => name !== 'constructor' && typeof value === 'function')
    .map(([name]) => name);
}

const methods = [...new Set([FtpCommands, FtpSession, FtpClient].flatMap(({ prototype }) => methodsOf(prototype)))];

/** How a call ends, whatever it gives. */
async function failureOf(result: unknown): Promise<unknown> {
  if (isObservable(result)) return observe(result as Observable<unknown>).failed;
  if (result instanceof Readable) result.resume();
  if (result instanceof Writable) result.end('x');
  return finished(result as Readable | Writable).then(
    () => new Error('it did not fail'),
    (error: unknown) => error,
  );
}

describe('command injection (CVE-2023-36049, GHSA-chqc-8p9q-pq6q, GHSA-6v7q-wjvx-w8wg, GHSA-8mhj-xm4h-m5m6)', () => {
  it('knows every method there is', () => {
    expect(methods.filter((name) => !(name in calls))).toEqual([]);
  });

  it.each(
    methods.filter((name) => (calls[name] ?? []).length > 0),
  )('is refused by %s, with nothing sent', async (name) => {
    await using server = await scriptedServer({ files: { '/a': 'a', '/b': 'b' } });
    await using ftp = clientOf(server);
    await observe(ftp.noop$()).settled;
    const before = server.commands.length;
    for (const evil of evils) {
      for (const argumentsWith of calls[name] ?? []) {
        const method: unknown = Reflect.get(ftp, name);
        if (typeof method !== 'function') throw new Error(`${name} is no method`);
        const given = argumentsWith(evil);
        const error = await failureOf(Reflect.apply(method, ftp, given));
        expect(error, `${name}(${JSON.stringify(given)})`).toBeInstanceOf(FtpUsageError);
      }
    }
    await observe(ftp.pwd$()).settled;
    expect(server.commands.slice(before)).toEqual(['PWD']);
    expect(server.clear.toString('latin1').split('\r\n').length - 1).toBe(server.commands.length);
    expect(server.tree.text('/b')).toBe('b');
  });
});
