/** Matches the hosts that NO_PROXY excepts, by the rules of curl: names with all below them, ports, addresses, ranges, `*`. */
import { isIP } from '../net/address.js';
import type { Destination } from '../net/route.js';
import { parseSubnet } from '../net/subnet.js';

type Rule = (destination: Destination) => boolean;

/** Whether `list`, the text of NO_PROXY, excepts `destination`. */
export function isExcepted(list: string, destination: Destination): boolean {
  const entries = list.split(/[\s,]+/).filter((entry) => entry !== '');
  return entries.some((entry) => entry === '*' || ruleOf(entry)(destination));
}

function ruleOf(entry: string): Rule {
  const { text, port } = splitPort(entry);
  const ofHost = hostRule(text);
  return (destination) => (port === undefined || port === destination.port) && ofHost(destination);
}

/** `host:port`, `[address]:port`, or either without a port; an IPv6 address without brackets has none. */
function splitPort(entry: string): { readonly text: string; readonly port: number | undefined } {
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{1,5}))?$/.exec(entry) ?? [];
  return { text: bracketed ?? plain ?? entry, port: port === undefined ? undefined : Number(port) };
}

function hostRule(text: string): Rule {
  const subnet = parseSubnet(text);
  if (subnet !== undefined) return ({ host }) => subnet.has(host);
  const name = plainName(text).replace(/^\*?\./, '');
  return ({ host }) => {
    const asked = plainName(host);
    return name !== '' && isIP(host) === 0 && (asked === name || asked.endsWith(`.${name}`));
  };
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
