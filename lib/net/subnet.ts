/** Matches ranges of IP addresses. */
import { BlockList } from 'node:net';
import { isIP, plainAddress } from './address.js';

/** IP addresses that differ from one another in their last bits alone. */
export interface Subnet {
  /** Whether `address` is one of them. An IPv4-mapped IPv6 address counts as the IPv4 address it means. */
  has(address: string): boolean;
}

/** `192.0.2.0/24`, `2001:db8::/32`, or one address alone; undefined for any other text. */
export function parseSubnet(text: string): Subnet | undefined {
  const [, network = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const family = isIP(network);
  if (family === 0) return undefined;
  const most = family === 4 ? 32 : 128;
  const prefix = bits === undefined ? most : Number(bits);
  if (prefix > most) return undefined;
  const list = new BlockList();
  list.addSubnet(network, prefix, familyName(family));
  return {
    has: (address) => isIP(plainAddress(address)) === family && list.check(plainAddress(address), familyName(family)),
  };
}

function familyName(family: number): 'ipv4' | 'ipv6' {
  return family === 4 ? 'ipv4' : 'ipv6';
}
