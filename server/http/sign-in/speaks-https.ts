import type { Request } from 'express';

/**
 * Creates the check for whether a browser uses HTTPS: a trusted proxy says so, or the request came to the public URL and
 * that is HTTPS.
 */
export function speaksHttps(publicUrl: string | undefined): (request: Request) => boolean {
  const publicAt = publicUrl === undefined ? undefined : new URL(publicUrl);
  return (request) => request.secure || (publicAt?.protocol === 'https:' && request.headers.host?.toLowerCase() === publicAt.host);
}
