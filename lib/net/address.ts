/** IP addresses as text. */
import { isIP, isIPv6 } from 'node:net';

export { isIP, isIPv6 };

/** An IPv4-mapped IPv6 address as the IPv4 address it means. */
export function plainAddress(address: string): string {
  const mapped = /^::ffff:(?<v4>[\d.]+)$/i.exec(address)?.groups?.v4;
  return mapped !== undefined && isIP(mapped) === 4 ? mapped : address;
}
