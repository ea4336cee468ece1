import type { IncomingHttpHeaders } from 'node:http';
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

const LOCAL_NAMES = ['127.0.0.1', 'localhost', '[::1]'];

/** Makes the check for a server on this port, behind `publicUrl` if there is one. */
export function allowedHosts(port: number, publicUrl: string | undefined): AllowedHosts {
  const hosts = new Set(LOCAL_NAMES.map((name) => (port === 80 ? name : `${name}:${port}`)));
  const publicHost = publicUrl === undefined ? undefined : new URL(publicUrl).host;
  if (publicHost) hosts.add(publicHost);
  return {
    checkHost: ({ host }) => {
      if (host === undefined || !hosts.has(host.toLowerCase())) {
        throw new AppError('bad-host', `The host “${host ?? ''}” is not one of this server’s. Set PUBLIC_URL to the address that people use for it.`);
      }
    },
    checkOrigin: ({ origin }) => {
      if (origin !== undefined && !hosts.has(hostOf(origin))) {
        throw new AppError('bad-origin', `Requests from pages on “${origin}” are not allowed.`);
      }
    },
  };
}

function hostOf(origin: string): string {
  try {
    const { protocol, host } = new URL(origin);
    return protocol === 'http:' || protocol === 'https:' ? host : '';
  } catch {
    return '';
  }
}
