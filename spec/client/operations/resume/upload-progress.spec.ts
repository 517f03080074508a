import { describe, expect, it } from 'vitest';
import { UploadProgress } from '../../../../lib/client/operations/resume/upload-progress.js';
import type { TransferProgress } from '../../../../lib/index.js';

function stage(size?: number) {
  const emitted: TransferProgress[] = [];
  let further = 0;
  const progress = new UploadProgress({
    path: '/a',
    size: () => size,
    intervalMs: 0,
    emit: (each) => emitted.push(each),
    onFurther: () => {
      further += 1;
    },
  });
  return { progress, emitted, further: () => further };
}

describe('the progress of an upload over its tries', () => {
  it('reports each position, also one before the last', () => {
    const { progress, emitted } = stage(100);
    progress.begin(() => 0);
    progress.took(60);
    progress.goesOn(40, { attempt: 2, resumedFrom: 40 });
    progress.took(40);
    progress.done('size');
    expect(emitted).toMatchObject([
      { bytes: 60, total: 100, attempt: 1, done: false },
      { bytes: 40, attempt: 2, resumedFrom: 40 },
      { bytes: 40, attempt: 2, done: true, verifiedBy: 'size' },
    ]);
    expect([progress.bytes, progress.most]).toEqual([40, 60]);
  });

  it('tells when the socket took more than ever, or the server has stored more', () => {
    const { progress, further } = stage();
    progress.begin(() => 0);
    const told = (act: () => void): number => {
      const before = further();
      act();
      return further() - before;
    };
    expect(told(() => progress.took(10))).toBe(1);
    expect(told(() => progress.took(10))).toBe(0);
    expect(told(() => progress.goesOn(5, { attempt: 2 }))).toBe(1);
    expect(told(() => progress.took(5))).toBe(0);
    expect(told(() => progress.goesOn(5, { attempt: 3 }))).toBe(0);
    expect(told(() => progress.took(11))).toBe(1);
  });

  it('knows how much is left: by the source, else by what a try of it shows', () => {
    expect(stage(100).progress.left(40, 7)).toBe(60);
    const { progress } = stage();
    expect(progress.left(0, undefined)).toBeUndefined();
    expect(progress.left(40, 7)).toBe(7);
    expect(progress.left(41, undefined)).toBe(6);
  });

  it('ends with all of the source', () => {
    const { progress } = stage();
    progress.took(200);
    progress.sentAll(150);
    expect(progress.most).toBe(150);
  });

  it('is nothing before the first try begins', () => {
    const { progress, emitted } = stage();
    progress.took(1);
    progress.done(undefined);
    expect([progress.bytes, emitted]).toEqual([0, []]);
  });
});
