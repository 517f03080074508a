import { describe, expect, it } from 'vitest';
import type { HashProof } from '../../../../lib/client/operations/hash-proof.js';
import { OpenedSource } from '../../../../lib/client/operations/resume/opened-source.js';
import { hashHead, UploadChecks } from '../../../../lib/client/operations/resume/upload-checks.js';
import { FtpTransferError } from '../../../../lib/errors.js';
import type { StorOptions } from '../../../../lib/index.js';
import { Canceller } from '../../../../lib/net/cancellation.js';
import { type Rereadable, rereadable } from '../../../../lib/streams/rereadable.js';
import { sessionTelling } from './support/told-facts.js';

type Found = Awaited<ReturnType<HashProof['compare']>>;

/** A proof that finds this, and notes what it hashes. */
function proofOf(found?: Found): { readonly proof: HashProof; readonly hashed: string[]; readonly asked: unknown[] } {
  const hashed: string[] = [];
  const asked: unknown[] = [];
  const proof = {
    add: (chunk: Uint8Array) => hashed.push(Buffer.from(chunk).toString()),
    compare: async (moved: unknown) => {
      asked.push(moved);
      return found;
    },
  };
  return { proof: proof as unknown as HashProof, hashed, asked };
}

interface Asked {
  readonly size: string;
  readonly options?: StorOptions;
  readonly isResumed?: boolean;
  readonly proof?: HashProof;
}

async function check({ size, options = {}, isResumed = false, proof }: Asked) {
  const checks = new UploadChecks('/a', options);
  const signal = new Canceller();
  const run = checks.run(sessionTelling({ SIZE: size }).real, { bytes: 5, isResumed, proof, signal });
  const result = await run.catch((error: unknown) => error);
  return { result, failed: checks.failed };
}

describe('the check of a stored upload', () => {
  it.each<[string, Asked, string | undefined]>([
    ['SIZE fits', { size: '213 5' }, 'size'],
    ['SIZE fits behind `start`', { size: '213 8', options: { start: 3 } }, 'size'],
    ['the server knows no SIZE', { size: '502 What?' }, undefined],
    ['SIZE is refused for good', { size: '550 Not you.' }, undefined],
  ])('passes where %s', async (_what, asked, verifiedBy) => {
    expect(await check(asked)).toEqual({ result: verifiedBy, failed: false });
  });

  it.each<[string, Asked, boolean]>([
    ['the file is too short: it was cut on the way', { size: '213 4' }, true],
    ['the file is too long', { size: '213 6' }, false],
    ['the file is too long, and was put together', { size: '213 6', isResumed: true }, true],
  ])('fails where %s', async (_what, asked, transient) => {
    const { result, failed } = await check(asked);
    expect(result).toBeInstanceOf(FtpTransferError);
    expect([result, failed]).toMatchObject([{ transient, bytes: 5, command: 'STOR /a' }, true]);
  });

  it.each<[string, Asked]>([
    ['the file was put together', { size: '550 Not you.', isResumed: true }],
    ['it is to be verified', { size: '550 Not you.', options: { verify: 'size' } }],
    ['SIZE is refused for now', { size: '450 Busy.' }],
  ])('needs an answer where %s', async (_what, asked) => {
    const { result, failed } = await check(asked);
    expect([result, failed]).toMatchObject([{ code: 'ERR_FTP_REPLY', command: 'SIZE /a' }, false]);
  });

  it('compares the checksum too: of the file, or of the part behind `start`', async () => {
    const [whole, part] = [proofOf('SHA-256'), proofOf('SHA-256')];
    expect(await check({ size: '213 5', proof: whole.proof })).toMatchObject({ result: 'SHA-256' });
    await check({ size: '213 8', options: { start: 3 }, proof: part.proof });
    expect([whole.asked, part.asked]).toMatchObject([[{ range: undefined }], [{ range: { start: 3, end: 8 } }]]);
  });

  it('fails where the checksum differs', async () => {
    const differs = new FtpTransferError('Differs.', { command: 'STOR /a', bytes: 5 });
    expect(await check({ size: '213 5', proof: proofOf(differs).proof })).toEqual({ result: differs, failed: true });
  });
});

describe('the hash of the first bytes of a source', () => {
  const source = rereadable(['abc', 'def']) as Rereadable;

  it.each([
    [0, ''],
    [3, 'abc'],
    [4, 'abcd'],
    [9, 'abcdef'],
  ])('of %i bytes', async (bytes, expected) => {
    const { proof, hashed } = proofOf();
    await hashHead(new OpenedSource(source, 0), { bytes, proof, signal: new Canceller() });
    expect(hashed.join('')).toBe(expected);
  });

  it('is left where the user leaves', async () => {
    const signal = new Canceller();
    const endless = rereadable(() => new ReadableStream<Uint8Array>({})) as Rereadable;
    const opened = new OpenedSource(endless, 0);
    const hashing = hashHead(opened, { bytes: 1, proof: proofOf().proof, signal });
    signal.abort();
    await hashing.catch(() => undefined);
    expect(signal.aborted).toBe(true);
  });
});
