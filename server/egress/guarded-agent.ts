import type { LookupAddress, LookupOptions } from 'node:dns';
import { lookup as systemLookup } from 'node:dns/promises';
import { rootCertificates } from 'node:tls';
import { AppError } from '@switchyard/shared/errors.ts';
import { Agent, buildConnector } from 'undici';
import { parseAddress } from './addresses.ts';
import { type AllowList, mayReach } from './allow-list.ts';

/** Resolves a name to all its addresses. Injectable, so tests can play a hostile resolver. */
export type Resolve = (host: string) => Promise<LookupAddress[]>;

export const systemResolve: Resolve = (host) => systemLookup(host, { all: true });

/** The maximum wait for the first byte or between two bytes. The caller's signal usually ends it earlier. */
const SILENCE_MS = 660_000;
const CONNECT_MS = 10_000;

export const refused = (host: string): AppError =>
  new AppError('egress-refused', `“${host}” is a private address, which is blocked. To allow it, set EGRESS_ALLOW=${host}.`, {
    beforeEffect: true,
    details: { host },
  });

type LookupCallback = (error: Error | null, addresses: string | LookupAddress[], family?: number) => void;

export interface Rules {
  readonly allow: AllowList;
  readonly allowLoopback: boolean;
  readonly resolve: Resolve;
  readonly certificate?: ClientCertificate;
}

/** What a client presents to a server that asks for it, and the authority it trusts besides the public ones. */
export interface ClientCertificate {
  /** Certificate and private key. */
  readonly pem: string;
  readonly authority?: string | undefined;
}

const tlsOf = ({ pem, authority }: ClientCertificate) => ({ cert: pem, key: pem, ...(authority !== undefined && { ca: [...rootCertificates, authority] }) });

/** The addresses of a name, all of which may be reached. Throws `dns-failed`, `egress-refused`. */
export async function resolveChecked(host: string, rules: Rules): Promise<[LookupAddress, ...LookupAddress[]]> {
  const addresses = await rules.resolve(host).catch((cause: unknown) => {
    throw new AppError('dns-failed', `Couldn’t resolve “${host}”. Check the spelling and this machine’s network.`, {
      beforeEffect: true,
      cause,
    });
  });
  const [first, ...others] = addresses;
  if (!first) throw new AppError('dns-failed', `“${host}” has no IP address.`, { beforeEffect: true });
  // One private address among public ones blocks the name, since we can't choose which one is used.
  if (!addresses.every(({ address }) => mayReach({ host, address }, rules))) throw refused(host);
  return [first, ...others];
}

/** The address to connect to for a host: itself if it is one, otherwise the first that it resolves to. Throws like a request. */
export async function checkedAddress(host: string, rules: Rules): Promise<string> {
  if (!parseAddress(host)) return (await resolveChecked(host, rules))[0].address;
  if (!mayReach({ host, address: host }, rules)) throw refused(host);
  return host;
}

/**
 * An agent that checks every connection when it opens, including redirects: a name is resolved once, all its
 * addresses are checked, and the socket connects to one of them. Literal addresses never reach the resolver, so they are
 * checked before the socket is made.
 */
export function createGuardedAgent(rules: Rules): Agent {
  const lookup = (host: string, options: LookupOptions, callback: LookupCallback): void => {
    resolveChecked(host, rules).then(
      (addresses) => (options.all ? callback(null, addresses) : callback(null, addresses[0].address, addresses[0].family)),
      (error: Error) => callback(error, []),
    );
  };
  const connect = buildConnector({ timeout: CONNECT_MS, lookup: lookup as never, ...(rules.certificate && tlsOf(rules.certificate)) });
  return new Agent({
    headersTimeout: SILENCE_MS,
    bodyTimeout: SILENCE_MS,
    connect(options, callback) {
      const host = options.hostname;
      if (parseAddress(host) && !mayReach({ host, address: host }, rules)) callback(refused(host), null);
      else connect(options, callback);
    },
  });
}
