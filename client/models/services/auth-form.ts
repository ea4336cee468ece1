import type { Auth } from '@switchyard/shared/contracts/connections/auth.ts';

/* What the form of a connection asks for, by type of authentication. Texts become `auth` when the form is sent. */

export const METHODS = [
  'bearer',
  'basic',
  'header',
  'query',
  'path',
  'oauth2-person',
  'oauth2-client',
  'google-service-account',
  'aws',
  'certificate',
] as const;
export type Method = (typeof METHODS)[number];

export interface AuthField {
  readonly name: string;
  readonly label: string;
  readonly help?: string;
  readonly optional?: true;
  readonly lines?: true;
}

export interface MethodText {
  readonly label: string;
  readonly fields: readonly AuthField[];
  readonly secret: { readonly label: string; readonly help?: string; readonly lines?: true; readonly optional?: true };
}

const CLIENT_ID = { name: 'clientId', label: 'Client ID' } as const;
const TOKEN_URL = { name: 'tokenUrl', label: 'Token URL', help: 'For example https://auth.example.com/oauth/token' } as const;
const SCOPES = { name: 'scopes', label: 'Scopes', help: 'One per line.', optional: true, lines: true } as const;
const CLIENT_SECRET = { label: 'Client secret', optional: true } as const;

export const METHOD_TEXTS: Readonly<Record<Method, MethodText>> = {
  bearer: { label: 'Bearer token', fields: [], secret: { label: 'Token' } },
  basic: { label: 'Username and password', fields: [], secret: { label: 'Username and password', help: 'As user:password' } },
  header: { label: 'API key in header', fields: [{ name: 'header', label: 'Header', help: 'For example x-api-key' }], secret: { label: 'API key' } },
  query: { label: 'API key in query', fields: [{ name: 'parameter', label: 'Query parameter', help: 'For example api_key' }], secret: { label: 'API key' } },
  path: {
    label: 'Token in path',
    fields: [{ name: 'prefix', label: 'Text before the token', help: 'For example bot', optional: true }],
    secret: { label: 'Token' },
  },
  'oauth2-person': {
    label: 'OAuth 2.0: a person signs in',
    fields: [{ name: 'authorizeUrl', label: 'Authorize URL', help: 'For example https://auth.example.com/oauth/authorize' }, TOKEN_URL, CLIENT_ID, SCOPES],
    secret: CLIENT_SECRET,
  },
  'oauth2-client': { label: 'OAuth 2.0: client credentials', fields: [TOKEN_URL, CLIENT_ID, SCOPES], secret: { label: 'Client secret' } },
  'google-service-account': {
    label: 'Google service account',
    fields: [SCOPES, { name: 'subject', label: 'Act for', help: 'The email address of a person in your domain.', optional: true }],
    secret: { label: 'Key file', help: 'The contents of the JSON key file.', lines: true },
  },
  aws: {
    label: 'AWS signature',
    fields: [
      { name: 'accessKeyId', label: 'Access key ID' },
      { name: 'region', label: 'Region', help: 'For example eu-central-1' },
      { name: 'service', label: 'Service', help: 'For example s3, execute-api, or lambda' },
    ],
    secret: { label: 'Secret access key', help: 'Enter a session token on a second line.', lines: true },
  },
  certificate: {
    label: 'Client certificate',
    fields: [
      { name: 'authority', label: 'Certificate authority', help: 'PEM, if the server’s certificate isn’t from a public one.', optional: true, lines: true },
    ],
    secret: { label: 'Certificate and private key', help: 'PEM, without a passphrase.', lines: true },
  },
};

export type Texts = Readonly<Record<string, string>>;

export function methodOf(auth: Auth | null): Method {
  if (auth?.scheme !== 'oauth2') return auth?.scheme ?? 'bearer';
  return auth.grant === 'client-credentials' ? 'oauth2-client' : 'oauth2-person';
}

/** The texts of the fields. */
export function textsOf(auth: Auth | null): Texts {
  const fields = METHOD_TEXTS[methodOf(auth)].fields.map(({ name }): [string, string] => {
    const value: unknown = (auth as Record<string, unknown> | null)?.[name];
    return [name, Array.isArray(value) ? value.join('\n') : typeof value === 'string' ? value : ''];
  });
  return Object.fromEntries(fields);
}

/** The authentication that was entered. `before` has what the form doesn’t ask for, for example more parameters of a service. */
export function authOf(method: Method, texts: Texts, before: Auth | null): Auth {
  const text = (name: string): string => (texts[name] ?? '').trim();
  const optional = <N extends string>(name: N): Partial<Record<N, string>> => (text(name) === '' ? {} : ({ [name]: text(name) } as Record<N, string>));
  const scopes = text('scopes')
    .split(/\s+/)
    .filter((scope) => scope !== '');
  switch (method) {
    case 'bearer':
    case 'basic':
      return { scheme: method };
    case 'header':
      return { scheme: method, header: text('header') };
    case 'query':
      return { scheme: method, parameter: text('parameter') };
    case 'path':
      return { scheme: method, ...optional('prefix') };
    case 'aws':
      return { scheme: method, accessKeyId: text('accessKeyId'), region: text('region'), service: text('service') };
    case 'certificate':
      return { scheme: method, ...optional('authority') };
    case 'google-service-account':
      return { scheme: method, scopes, ...optional('subject') };
    default: {
      const kept = before?.scheme === 'oauth2' ? before : undefined;
      const more = { ...(kept?.clientAuth && { clientAuth: kept.clientAuth }), ...(kept?.parameters && { parameters: kept.parameters }) };
      const common = { scheme: 'oauth2' as const, tokenUrl: text('tokenUrl'), clientId: text('clientId'), scopes, ...more };
      return method === 'oauth2-client' ? { ...common, grant: 'client-credentials' } : { ...common, grant: 'authorization-code', ...optional('authorizeUrl') };
    }
  }
}
