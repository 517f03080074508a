/** The package as npm would publish it, packed and installed once for all spec files of a run. */
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { inject } from 'vitest';

export interface Packed {
  /** The project that it is installed in, with no other package. Specs only read there. */
  readonly project: string;
  /** The paths in the tarball. */
  readonly files: readonly string[];
}

/** The first call of a run packs, which takes as long as the build; it waits for no more than the hook's own time. */
export async function packedPackage(): Promise<Packed> {
  const told = await text(connect(inject('packing')));
  const { packed, failure } = JSON.parse(told) as { readonly packed?: Packed; readonly failure?: string };
  if (packed === undefined) throw new Error(failure);
  return packed;
}

/** For the hook that waits for it. */
export const PACKING_TIMEOUT_MS = 180_000;
