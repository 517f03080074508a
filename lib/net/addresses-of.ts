/** The IP addresses that a host has. */
import { isIP, plainAddress } from './address.js';
import { nodeDns } from './builtins.js';

/** Resolves with `host` itself where it is an address, else with all that its name stands for in `family` (0: either). */
export async function addressesOf(host: string, family: 0 | 4 | 6): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [plainAddress(host)];
  const found = await nodeDns().lookup(host, { family, all: true });
  return found.map(({ address }) => plainAddress(address));
}
