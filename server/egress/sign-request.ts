import { AppError } from '@switchyard/shared/errors.ts';
import type { OutgoingRequest } from './guarded-send.ts';

/** How a secret is sent. */
export type SecretUse =
  | { readonly scheme: 'bearer' | 'basic' }
  | { readonly scheme: 'header'; readonly header?: string | undefined }
  | { readonly scheme: 'query'; readonly parameter: string }
  | { readonly scheme: 'path'; readonly prefix?: string | undefined }
  | { readonly scheme: 'aws'; readonly accessKeyId: string; readonly region: string; readonly service: string }
  | { readonly scheme: 'certificate'; readonly authority?: string | undefined };

/** The secret of an `http` connection and how it is sent. With a `baseUrl`, it is sent only to that origin. */
export type HttpSecret = SecretUse & {
  readonly secret: string;
  readonly baseUrl: string | null;
  /** Obtains another secret, because the server rejected this one. Undefined if there can’t be another. */
  readonly renew?: () => Promise<HttpSecret>;
};

/** Adds the secret to a request. */
export async function signRequest(request: OutgoingRequest, secret: HttpSecret, now: Date): Promise<OutgoingRequest> {
  if (secret.scheme === 'certificate') return { ...request, certificate: { pem: secret.secret, authority: secret.authority } };
  if (secret.scheme === 'aws') return awsSigned(request, secret, now);
  if (/[\r\n]/.test(secret.secret)) throw new AppError('unknown-secret', 'This connection’s secret contains a line break. Enter it again.');
  if (secret.scheme === 'query' || secret.scheme === 'path') return { ...request, url: urlWith(request.url, secret) };
  const [name, value] = headerOf(secret);
  const others = Object.entries(request.headers).filter(([other]) => other.toLowerCase() !== name.toLowerCase());
  return { ...request, headers: { ...Object.fromEntries(others), [name]: value } };
}

function headerOf(secret: Extract<HttpSecret, { scheme: 'bearer' | 'basic' | 'header' }>): [name: string, value: string] {
  if (secret.scheme === 'basic') return ['authorization', `Basic ${Buffer.from(secret.secret, 'utf8').toString('base64')}`];
  return secret.scheme === 'header' ? [secret.header ?? 'x-api-key', secret.secret] : ['authorization', `Bearer ${secret.secret}`];
}

function urlWith(text: string, secret: Extract<HttpSecret, { scheme: 'query' | 'path' }>): string {
  const url = new URL(text);
  if (secret.scheme === 'query') url.searchParams.set(secret.parameter, secret.secret);
  // A colon may be in a path, and Telegram rejects an escaped one.
  else url.pathname = `/${secret.prefix ?? ''}${encodeURIComponent(secret.secret).replaceAll('%3A', ':')}${url.pathname}`;
  return url.href;
}

async function awsSigned(request: OutgoingRequest, secret: Extract<HttpSecret, { scheme: 'aws' }>, now: Date): Promise<OutgoingRequest> {
  const { AwsV4Signer } = await import('aws4fetch');
  const [secretAccessKey = '', sessionToken] = secret.secret.split(/\r?\n/);
  const { accessKeyId, region, service } = secret;
  const signer = new AwsV4Signer({
    method: request.method,
    url: request.url,
    headers: { ...request.headers },
    ...(request.body !== undefined && { body: request.body }),
    accessKeyId,
    secretAccessKey,
    ...(sessionToken && { sessionToken }),
    region,
    service,
    datetime: now.toISOString().replace(/[:-]|\.\d{3}/g, ''),
  });
  const signed = await signer.sign();
  return { ...request, url: signed.url.toString(), headers: Object.fromEntries(signed.headers) };
}
