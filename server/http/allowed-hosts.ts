import type { IncomingHttpHeaders } from 'node:http';
import { hostname, networkInterfaces } from 'node:os';
import { AppError } from '@switchyard/shared/errors.ts';

/*
 * Owns which Host and Origin headers are allowed. A page on another site, or a foreign name that points at 127.0.0.1, must not
 * reach this server through its user’s browser (CSRF and DNS rebinding).
 */

export interface AllowedHosts {
  /** Throws `bad-host` if the request's host isn't one of this server's. */
  checkHost(headers: IncomingHttpHeaders): void;
  /**
   * Throws `bad-origin` if a page of another site sent the request, unless it only reads. Browsers send Origin, or Sec-Fetch-Site
   * without it. Requests with neither come from programs. Without a method, every request counts as a write.
   */
  checkOrigin(headers: IncomingHttpHeaders, method?: string): void;
}

interface HostParts {
  /** What the server listens on: one address, or all of this machine's. */
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string | undefined;
}

const LOCAL_NAMES = ['127.0.0.1', 'localhost', '[::1]'];
const ALL_ADDRESSES = new Set(['0.0.0.0', '::']);

/** Creates the check for a server that listens there, behind `publicUrl` if there is one. */
export function allowedHosts({ host, port, publicUrl }: HostParts): AllowedHosts {
  const hosts = new Set([...LOCAL_NAMES, ...ownNames(host)].map((name) => (port === 80 ? name : `${name}:${port}`)));
  const publicAt = publicUrl === undefined ? undefined : new URL(publicUrl);
  const isOrigin = (origin: string): boolean => origin === publicAt?.origin || (origin.startsWith('http://') && hosts.has(origin.slice('http://'.length)));
  return {
    checkHost: ({ host: asked }) => {
      const name = asked?.toLowerCase();
      if (name === undefined || !(hosts.has(name) || name === publicAt?.host)) {
        throw new AppError('bad-host', `The host “${asked ?? ''}” is not one of this server’s. Set PUBLIC_URL to the URL that people use for it.`);
      }
    },
    checkOrigin: (headers, method = '') => {
      const { origin } = headers;
      if (origin === undefined ? READS.has(method) || !fromOtherSite(headers) : isOrigin(origin)) return;
      throw new AppError(
        'bad-origin',
        origin === undefined
          ? 'Requests from pages of other sites are not allowed. Programs can send an API token instead.'
          : `Requests from pages on “${origin}” are not allowed. If people use that URL, set PUBLIC_URL to it.`,
      );
    },
  };
}

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);
const OUR_SITES = new Set(['same-origin', 'none']);

/** A page of another site can't send a bearer token: that needs a CORS preflight, which we don't answer. */
const fromOtherSite = ({ 'sec-fetch-site': site, authorization = '' }: IncomingHttpHeaders): boolean =>
  site !== undefined && !OUR_SITES.has(String(site)) && !/^bearer +\S/i.test(authorization);

/** Host names as they appear in a URL. If the server listens on all addresses, each of them and the machine's name. */
function ownNames(host: string): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((all = []) => all.map(({ address }) => address));
  const names = ALL_ADDRESSES.has(host) ? [host, hostname(), ...addresses] : [host];
  return names.map((name) => (name.includes(':') ? `[${name}]` : name.toLowerCase()));
}
