import ipaddr from 'ipaddr.js';

/*
 * Which addresses are inner. Only addresses that the whole internet may reach count as outer: what is not known to be
 * global is refused, so a range that is set aside tomorrow is refused today.
 */

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Reads an address as the URL parser or a resolver writes it: no brackets, no zone; a mapped IPv4 address as the IPv4 it stands for. */
export function parseAddress(text: string): Address | undefined {
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  return ipaddr.isValid(bare) ? ipaddr.process(bare) : undefined;
}

const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');
/** Documentation prefix of RFC 9637, newer than the library's table. */
const DOCUMENTATION = ipaddr.IPv6.parseCIDR('3fff::/20');

/** True for an address of the public internet: not private, loopback, link-local, shared, translated, tunnelled or reserved. */
export function isGlobal(address: Address): boolean {
  if (address.range() !== 'unicast') return false;
  if (address instanceof ipaddr.IPv4) return true;
  // Covers NAT64 of any prefix, IPv4-compatible, site-local and whatever else lies outside of the one block that is given out (RFC 4291 §2.4).
  return address.zoneId === undefined && address.match(GLOBAL_UNICAST) && !address.match(DOCUMENTATION);
}

export const isLoopback = (address: Address): boolean => address.range() === 'loopback';
