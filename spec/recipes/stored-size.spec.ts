/** The size of a stored file, held against what was sent. */
import { NEVER, type Observable, of, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpReplyError } from '../../lib/errors.js';
import { createReply } from '../../lib/protocol/reply.js';
import { verifyStoredSize } from '../../lib/recipes/stored-size.js';
import { Leave } from '../../lib/recipes/with-leave.js';

function verified(answer$: Observable<number> | undefined): Promise<'size' | undefined> {
  const ftp = answer$ === undefined ? {} : { size$: () => answer$ };
  return verifyStoredSize({ ftp, path: '/a.part', bytes: 5, leave: new Leave() });
}

function refusal(code: number): Observable<number> {
  const reply = createReply(code, [`${code} No.`]);
  const details = { command: 'SIZE /a.part', reply, outcome: 'refused', transient: code < 500 } as const;
  return throwError(() => new FtpReplyError(`${code} No.`, details));
}

describe('the size of a stored file', () => {
  it('is the proof where it is what was sent', async () => {
    expect(await verified(of(5))).toBe('size');
  });

  it.each([0, 4, 6])('is an error where it is another one (%i)', async (size) => {
    const error = await verified(of(size)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'FtpTransferError', bytes: 5, transient: false });
    expect(String(error)).toContain(`has ${size} bytes where 5 were expected`);
  });

  it.each([500, 502])('proves nothing on a server that does not know SIZE (%i)', async (code) => {
    expect(await verified(refusal(code))).toBeUndefined();
  });

  it('proves nothing where there is no SIZE to ask', async () => {
    expect(await verified(undefined)).toBeUndefined();
  });

  it.each([450, 550])('is an error where it is refused otherwise (%i)', async (code) => {
    await expect(verified(refusal(code))).rejects.toBeInstanceOf(FtpReplyError);
  });

  it('is waited for', async () => {
    const waited = await Promise.race([verified(NEVER), Promise.resolve('waits')]);
    expect(waited).toBe('waits');
  });
});
