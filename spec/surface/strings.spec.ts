/**
 * Every string that the operations take, held against what JavaScript may give instead: an FtpUsageError, with nothing
 * sent and nothing connected. A missing path would make another command of it.
 */
import type { Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpClient, type FtpOperations, FtpUsageError } from '../../lib/index.js';
import { observe } from '../support/observe.js';

type Call = (ftp: FtpOperations, text: string) => Observable<unknown>;

const required: readonly [name: string, call: Call][] = [
  ['retr$', (ftp, path) => ftp.retr$(path)],
  ['stor$', (ftp, path) => ftp.stor$(path, 'x')],
  ['appe$', (ftp, path) => ftp.appe$(path, 'x')],
  ['retrLines$', (ftp, path) => ftp.retrLines$(path)],
  ['storLines$', (ftp, path) => ftp.storLines$(path, ['x'])],
  ['cwd$', (ftp, path) => ftp.cwd$(path)],
  ['mkd$', (ftp, path) => ftp.mkd$(path)],
  ['rmd$', (ftp, path) => ftp.rmd$(path)],
  ['dele$', (ftp, path) => ftp.dele$(path)],
  ['rename$ from', (ftp, path) => ftp.rename$(path, 'b')],
  ['rename$ to', (ftp, path) => ftp.rename$('a', path)],
  ['size$', (ftp, path) => ftp.size$(path)],
  ['mdtm$', (ftp, path) => ftp.mdtm$(path)],
  ['mfmt$', (ftp, path) => ftp.mfmt$(path, new Date(0))],
  ['chmod$', (ftp, path) => ftp.chmod$(path, 0o644)],
  ['lookup$', (ftp, path) => ftp.lookup$(path)],
  ['smnt$', (ftp, path) => ftp.smnt$(path)],
  ['opts$', (ftp, feature) => ftp.opts$(feature)],
  ['site$', (ftp, parameters) => ftp.site$(parameters)],
  ['acct$', (ftp, account) => ftp.acct$(account)],
  ['type$', (ftp, type) => ftp.type$(type)],
  ['mode$', (ftp, mode) => ftp.mode$(mode)],
  ['send$', (ftp, line) => ftp.send$(line)],
  ['exchange$', (ftp, line) => ftp.exchange$(line, { expect: 2 })],
  ['transfer$', (ftp, line) => ftp.transfer$(line)],
];

const optional: readonly [name: string, call: Call][] = [
  ['stou$', (ftp, path) => ftp.stou$('x', path)],
  ['list$', (ftp, path) => ftp.list$(path)],
  ['list$ args', (ftp, args) => ftp.list$('a', { args })],
  ['nlst$', (ftp, path) => ftp.nlst$(path)],
  ['mlsd$', (ftp, path) => ftp.mlsd$(path)],
  ['mlst$', (ftp, path) => ftp.mlst$(path)],
  ['avbl$', (ftp, path) => ftp.avbl$(path)],
  ['entries$', (ftp, path) => ftp.entries$(path)],
  ['stat$', (ftp, path) => ftp.stat$(path)],
  ['help$', (ftp, topic) => ftp.help$(topic)],
  ['opts$ parameters', (ftp, parameters) => ftp.opts$('MLST', parameters)],
];

const strange: readonly unknown[] = [null, 5, {}, ['a'], true, Buffer.from('a')];

async function refused(call: Call, value: unknown): Promise<void> {
  let connected = false;
  const connector = async (): Promise<never> => {
    connected = true;
    throw new Error('never');
  };
  const ftp = new FtpClient({ host: 'ftp.example.com', connector });
  const error = await observe(call(ftp, value as string)).failed;
  expect(error).toBeInstanceOf(FtpUsageError);
  expect(connected).toBe(false);
  await observe(ftp.close$()).settled;
}

describe('a string that is none', () => {
  it.each(required)('is refused by %s', async (_name, call) => {
    for (const value of [undefined, ...strange]) await refused(call, value);
  });

  it.each(optional)('is refused by %s', async (_name, call) => {
    for (const value of strange) await refused(call, value);
  });
});
