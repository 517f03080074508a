/**
 * Vitest's `waitFor` and `waitUntil` give up after a second. They wait for an event here, which takes longer on a machine that is busy:
 * so the spec's own time limit is the only one.
 */
import { vi } from 'vitest';

const TIMEOUT_MS = 15_000;
const { waitFor, waitUntil } = vi;

interface Waiting {
  readonly interval?: number;
  readonly timeout?: number;
}

function patient(options: number | Waiting | undefined): Waiting {
  return { timeout: TIMEOUT_MS, ...(typeof options === 'number' ? { timeout: options } : options) };
}

vi.waitFor = (callback, options) => waitFor(callback, patient(options));
vi.waitUntil = (callback, options) => waitUntil(callback, patient(options));
