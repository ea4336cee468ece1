import ipaddr from 'ipaddr.js';

/*
 * Which addresses are private. Only globally reachable addresses count as public. Anything not known to be
 * global is blocked, so newly reserved ranges are blocked too.
 */

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Parses an address as the URL parser or a resolver writes it: no brackets, no zone. A mapped IPv4 address becomes the IPv4 address. */
export function parseAddress(text: string): Address | undefined {
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  return ipaddr.isValid(bare) ? ipaddr.process(bare) : undefined;
}

const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');
/** Documentation prefix of RFC 9637, newer than the library's table. */
const DOCUMENTATION = ipaddr.IPv6.parseCIDR('3fff::/20');

/** True for an address of the public internet: not private, loopback, link-local, shared, translated, tunneled, or reserved. */
export function isGlobal(address: Address): boolean {
  if (address.range() !== 'unicast') return false;
  if (address instanceof ipaddr.IPv4) return true;
  // Covers NAT64 of any prefix, IPv4-compatible, site-local, and anything else outside the one block that is allocated (RFC 4291 §2.4).
  return address.zoneId === undefined && address.match(GLOBAL_UNICAST) && !address.match(DOCUMENTATION);
}

export const isLoopback = (address: Address): boolean => address.range() === 'loopback';
