import { AppError } from '@switchyard/shared/errors.ts';
import ipaddr from 'ipaddr.js';
import { isGlobal, isLoopback, parseAddress } from './addresses.ts';

type Network = ReturnType<typeof ipaddr.parseCIDR>;

/** Private addresses that the operator allows. */
export interface AllowList {
  readonly hosts: ReadonlySet<string>;
  readonly networks: readonly Network[];
}

const hostName = /^([a-z0-9]([a-z0-9_-]*[a-z0-9])?\.)*(?=[^.]*[a-z])[a-z0-9]([a-z0-9_-]*[a-z0-9])?$/;

const withoutDot = (host: string): string => host.toLowerCase().replace(/\.$/, '');

function networkOf(entry: string): Network | undefined {
  if (ipaddr.isValidCIDR(entry)) return ipaddr.parseCIDR(entry);
  if (/[:.]/.test(entry) && (ipaddr.IPv4.isValidFourPartDecimal(entry) || ipaddr.IPv6.isValid(entry))) {
    const address = ipaddr.process(entry);
    return [address, address.kind() === 'ipv4' ? 32 : 128] as Network;
  }
  return undefined;
}

/** Parses EGRESS_ALLOW: host names, addresses, networks (`10.0.0.0/8`). Throws an AppError that names the variable. */
export function parseAllowList(entries: readonly string[]): AllowList {
  const hosts = new Set<string>();
  const networks: Network[] = [];
  for (const entry of entries.map((text) => text.trim()).filter((text) => text !== '')) {
    const network = networkOf(entry);
    if (network) networks.push(network);
    else if (hostName.test(withoutDot(entry))) hosts.add(withoutDot(entry));
    else {
      const message = `EGRESS_ALLOW: “${entry}” is not a host name, an IP address, or a network (for example 10.0.0.0/8). Omit scheme, port, and path.`;
      throw new AppError('bad-request', message);
    }
  }
  return { hosts, networks };
}

/** Whether a connection to `address` may be opened for a URL that names `host`. Public addresses always, private ones only if allowed. */
export function mayReach(target: { host: string; address: string }, rules: { allow: AllowList; allowLoopback: boolean }): boolean {
  const address = parseAddress(target.address);
  if (!address) return false;
  if (isGlobal(address) || rules.allow.hosts.has(withoutDot(target.host))) return true;
  if (rules.allowLoopback && isLoopback(address)) return true;
  return rules.allow.networks.some(([network, bits]) => network.kind() === address.kind() && address.match([network, bits] as never));
}
