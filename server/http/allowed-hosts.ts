import type { IncomingHttpHeaders } from 'node:http';
import { hostname, networkInterfaces } from 'node:os';
import { AppError } from '@switchyard/shared/errors.ts';

/*
 * Owns: which Host and Origin headers are ours. A page on another site, or a name that somebody points at 127.0.0.1, must not
 * reach this server through the browser of whoever runs it (CSRF and DNS rebinding).
 */

export interface AllowedHosts {
  /** Throws `bad-host` unless the request was meant for us. */
  checkHost(headers: IncomingHttpHeaders): void;
  /** Throws `bad-origin` when a page that is not ours sent the request. Requests without an Origin come from no page. */
  checkOrigin(headers: IncomingHttpHeaders): void;
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
    checkOrigin: ({ origin }) => {
      if (origin === undefined || isOrigin(origin)) return;
      throw new AppError('bad-origin', `Requests from pages on “${origin}” are not allowed. If people use that address, set PUBLIC_URL to it.`);
    },
  };
}

/** As they stand in an address: where all of this machine's addresses are listened on, each of them and its own name. */
function ownNames(host: string): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((all = []) => all.map(({ address }) => address));
  const names = ALL_ADDRESSES.has(host) ? [host, hostname(), ...addresses] : [host];
  return names.map((name) => (name.includes(':') ? `[${name}]` : name.toLowerCase()));
}
