/** Checks what a download does after its bytes: `downloadInto$` over a file of the spec. */
import { NEVER, of } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { downloadInto$ } from '../../lib/recipes/download.js';
import type { DownloadFtp, LocalPlan } from '../../lib/recipes/local-plan.js';
import type { PartialFile } from '../../lib/recipes/partial-file.js';
import { byteStream } from '../../lib/testing/index.js';
import { Latch } from '../control/support/connected.js';
import { observe } from '../support/observe.js';
import { FakeFile } from './support/fake-file.js';

/** Each of the steps behind the bytes waits for the spec. */
function stage() {
  const closing = new Latch();
  const confirming = new Latch();
  const close = vi.fn(() => closing.opened);
  const confirm = vi.fn(() => confirming.opened);
  const publish = vi.fn(async () => undefined);
  const hash$ = vi.fn(() => NEVER);
  const discard = vi.fn(async () => undefined);
  const open = async () => new FakeFile().handle;
  const file = { path: 'part', final: 'file', open, close, publish, discard, leave: discard };
  const tail = { start: 0, bytes: new Uint8Array() };
  const plan: LocalPlan = {
    file: file as unknown as PartialFile,
    keeps: false,
    modified: undefined,
    size: 5,
    tail,
    confirm,
  };
  const ftp: DownloadFtp = { retr$: () => byteStream(of('bytes')), hash$ };
  const download = observe(downloadInto$({ ftp, remote: '/a', options: { verify: 'hash' } }, plan));
  return { download, close, closing, confirm, confirming, hash$, discard, publish };
}

describe('a download that is left behind its bytes', () => {
  it('asks the server nothing more while its file is closed', async () => {
    const { download, close, closing, confirm, hash$, discard, publish } = stage();
    await vi.waitFor(() => expect(close).toHaveBeenCalled());
    download.unsubscribe();
    closing.open();
    await new Promise(setImmediate);
    expect([confirm, hash$, publish].map(({ mock }) => mock.calls.length)).toEqual([0, 0, 0]);
    expect(discard).toHaveBeenCalledOnce();
  });

  it('compares no checksum once its size was confirmed', async () => {
    const { download, closing, confirm, confirming, hash$, publish } = stage();
    closing.open();
    await vi.waitFor(() => expect(confirm).toHaveBeenCalled());
    download.unsubscribe();
    confirming.open();
    await new Promise(setImmediate);
    expect([hash$, publish].map(({ mock }) => mock.calls.length)).toEqual([0, 0]);
  });
});
