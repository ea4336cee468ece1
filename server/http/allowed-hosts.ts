import type { IncomingHttpHeaders } from 'node:http';
import { hostname, networkInterfaces } from 'node:os';
import { AppError } from '@switchyard/shared/errors.ts';

/*
 * Owns: which Host and Origin headers are ours. A page on another site, or a foreign name that points at 127.0.0.1, must not
 * reach this server through its user’s browser (CSRF and DNS rebinding).
 */

export interface AllowedHosts {
  /** Throws `bad-host` unless the request was meant for us. */
  checkHost(headers: IncomingHttpHeaders): void;
  /**
   * Throws `bad-origin` when a page that is not ours sent the request, unless it only reads. Pages say so by Origin, or by Sec-Fetch-Site
   * where they leave that out; requests with neither come from programs. Without a method every request counts as more than reading.
   */
  checkOrigin(headers: IncomingHttpHeaders, method?: string): void;
}

interface HostParts {
  /** What is listened on: an address, or all of this machine's. */
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string | undefined;
}

const LOCAL_NAMES = ['127.0.0.1', 'localhost', '[::1]'];
const ALL_ADDRESSES = new Set(['0.0.0.0', '::']);

/** Makes the check for a server that listens there, behind `publicUrl` if there is one. */
export function allowedHosts({ host, port, publicUrl }: HostParts): AllowedHosts {
  const hosts = new Set([...LOCAL_NAMES, ...ownNames(host)].map((name) => (port === 80 ? name : `${name}:${port}`)));
  const publicAt = publicUrl === undefined ? undefined : new URL(publicUrl);
  const isOrigin = (origin: string): boolean => origin === publicAt?.origin || (origin.startsWith('http://') && hosts.has(origin.slice('http://'.length)));
  return {
    checkHost: ({ host: asked }) => {
      const name = asked?.toLowerCase();
      if (name === undefined || !(hosts.has(name) || name === publicAt?.host)) {
        throw new AppError('bad-host', `The host “${asked ?? ''}” is not one of this server’s. Set PUBLIC_URL to the address that people use for it.`);
      }
    },
    checkOrigin: (headers, method = '') => {
      const { origin } = headers;
      if (origin === undefined ? READS.has(method) || !fromOtherSite(headers) : isOrigin(origin)) return;
      throw new AppError(
        'bad-origin',
        origin === undefined
          ? 'Requests from pages of other sites are not allowed. Programs can send an API token instead.'
          : `Requests from pages on “${origin}” are not allowed. If people use that address, set PUBLIC_URL to it.`,
      );
    },
  };
}

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);
const OUR_SITES = new Set(['same-origin', 'none']);

/** No page of another site can send a bearer token: that needs a CORS preflight, which is not answered. */
const fromOtherSite = ({ 'sec-fetch-site': site, authorization = '' }: IncomingHttpHeaders): boolean =>
  site !== undefined && !OUR_SITES.has(String(site)) && !/^bearer +\S/i.test(authorization);

/** As they stand in an address: where all of this machine's addresses are listened on, each of them and its own name. */
function ownNames(host: string): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((all = []) => all.map(({ address }) => address));
  const names = ALL_ADDRESSES.has(host) ? [host, hostname(), ...addresses] : [host];
  return names.map((name) => (name.includes(':') ? `[${name}]` : name.toLowerCase()));
}
