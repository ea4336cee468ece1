import { z } from 'zod';

/*
 * How an `http` connection authenticates requests. The secret itself is stored apart: a token, a password, a private key, or the client
 * secret of an OAuth application.
 */

const text = (most: number) => z.string().min(1).max(most);
const scopes = z.array(text(300).regex(/^[\x21\x23-\x5B\x5D-\x7E]+$/, 'must not contain spaces, quotes, or backslashes')).max(50);
const endpoint = z.url({ protocol: /^https?$/, error: 'must be a URL, for example https://auth.example.com/token' }).max(500);

const SHAPES = {
  bearer: { scheme: z.literal('bearer') },
  basic: { scheme: z.literal('basic') },
  header: { scheme: z.literal('header'), header: z.string().max(100).optional() },
  /** The secret is a query parameter. It never appears in a run. */
  query: { scheme: z.literal('query'), parameter: z.string().max(100) },
  /** The secret is the first part of the path, after `prefix`: `/bot<secret>/sendMessage`. */
  path: { scheme: z.literal('path'), prefix: z.string().max(100).optional() },
  /** AWS Signature Version 4. The secret is the secret access key, with a session token after a line break if there is one. */
  aws: { scheme: z.literal('aws'), accessKeyId: text(200), region: text(100), service: text(100) },
  /** A client certificate. The secret is the certificate and its private key in PEM format. */
  certificate: { scheme: z.literal('certificate'), authority: z.string().max(20_000).optional() },
  /** A token of a Google service account. The secret is its key file. */
  'google-service-account': { scheme: z.literal('google-service-account'), scopes, subject: z.string().max(320).optional() },
  /** OAuth 2.0. The secret is the client secret. */
  oauth2: {
    scheme: z.literal('oauth2'),
    grant: z.enum(['authorization-code', 'client-credentials']),
    authorizeUrl: endpoint.optional(),
    tokenUrl: endpoint,
    clientId: z.string().max(500),
    scopes,
    /** How the client secret is sent to the token URL. Default: in the body. */
    clientAuth: z.enum(['basic', 'body']).optional(),
    /** More parameters of the authorize URL, for example `access_type`. */
    parameters: z.record(text(100), z.string().max(500)).optional(),
  },
} as const;

/** Unknown fields are dropped, since earlier versions stored a header with any scheme. */
export const storedAuthSchema = z.discriminatedUnion('scheme', [
  z.object(SHAPES.bearer),
  z.object(SHAPES.basic),
  z.object(SHAPES.header),
  z.object(SHAPES.query),
  z.object(SHAPES.path),
  z.object(SHAPES.aws),
  z.object(SHAPES.certificate),
  z.object(SHAPES['google-service-account']),
  z.object(SHAPES.oauth2),
]);

/** The same in requests. */
export const authSchema = z.discriminatedUnion('scheme', [
  z.strictObject(SHAPES.bearer),
  z.strictObject(SHAPES.basic),
  z.strictObject(SHAPES.header),
  z.strictObject(SHAPES.query),
  z.strictObject(SHAPES.path),
  z.strictObject(SHAPES.aws),
  z.strictObject(SHAPES.certificate),
  z.strictObject(SHAPES['google-service-account']),
  z.strictObject(SHAPES.oauth2),
]);

export type Auth = z.output<typeof storedAuthSchema>;
export type OAuth2 = Extract<Auth, { scheme: 'oauth2' }>;

/** Whether requests carry a token that is obtained first, and renewed when it expires. */
export const usesTokens = (auth: Auth | null): auth is Extract<Auth, { scheme: 'oauth2' | 'google-service-account' }> =>
  auth?.scheme === 'oauth2' || auth?.scheme === 'google-service-account';
