/** Runs a piece of work and reports, as JSON, by how much the resident memory of this process grew meanwhile. */
import { existsSync, readFileSync } from 'node:fs';

export interface Growth {
  /** What the work has moved: bytes or lines. */
  readonly moved: number;
  readonly seconds: number;
  /** Bytes of resident memory before the work. */
  readonly before: number;
  /** The most it ever was. */
  readonly peak: number;
  readonly samples: number;
}

const everyMs = 10;

export async function watchMemory(work: () => Promise<number>): Promise<void> {
  const before = process.memoryUsage.rss();
  const start = performance.now();
  let peak = before;
  let samples = 0;
  const sampler = setInterval(() => {
    samples += 1;
    peak = Math.max(peak, process.memoryUsage.rss());
  }, everyMs);
  const moved = await work();
  clearInterval(sampler);
  const seconds = (performance.now() - start) / 1000;
  const growth: Growth = { moved, seconds, before, peak: Math.max(peak, highWaterMark()), samples };
  console.log(JSON.stringify(growth));
}

/** Linux keeps the peak itself, which no sample misses. It counts from this program's start, not from its parent's. */
function highWaterMark(): number {
  const path = '/proc/self/status';
  const status = existsSync(path) ? readFileSync(path, 'utf8') : '';
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}
