import type { Request } from 'express';

/**
 * Makes the check whether a browser speaks HTTPS: with a proxy that is trusted to say so, or because it came by the public address and
 * that is one.
 */
export function speaksHttps(publicUrl: string | undefined): (request: Request) => boolean {
  const publicAt = publicUrl === undefined ? undefined : new URL(publicUrl);
  return (request) => request.secure || (publicAt?.protocol === 'https:' && request.headers.host?.toLowerCase() === publicAt.host);
}
