/** Reads IP addresses as text, and looks up those of a host. */
import { isIP, isIPv6 } from 'node:net';
import { nodeDns } from './builtins.js';

export { isIP, isIPv6 };

/** An IPv4-mapped IPv6 address as the IPv4 address it means. */
export function plainAddress(address: string): string {
  const mapped = /^::ffff:(?<v4>[\d.]+)$/i.exec(address)?.groups?.v4;
  return mapped !== undefined && isIP(mapped) === 4 ? mapped : address;
}

/** Resolves with `host` itself where it is an address, else with all that its name stands for in `family` (0: either). */
export async function addressesOf(host: string, family: 0 | 4 | 6): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [plainAddress(host)];
  const found = await nodeDns().lookup(host, { family, all: true });
  return found.map(({ address }) => plainAddress(address));
}
