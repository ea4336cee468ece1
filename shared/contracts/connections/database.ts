/** Databases that a connection can lead to. They serve no models, and no HTTP requests use them. */
export const DATABASE_KINDS = ['postgresql', 'mongodb', 'redis'] as const;
export type DatabaseKind = (typeof DATABASE_KINDS)[number];

export const isDataKind = (kind: string): kind is DatabaseKind => DATABASE_KINDS.some((one) => one === kind);

export const DATABASE_NAMES: Readonly<Record<DatabaseKind, string>> = { postgresql: 'PostgreSQL', mongodb: 'MongoDB', redis: 'Redis' };

export const DATABASE_EXAMPLES: Readonly<Record<DatabaseKind, string>> = {
  postgresql: 'postgres://user@db.example.com:5432/shop',
  mongodb: 'mongodb+srv://user@cluster.example.net/shop',
  redis: 'redis://redis.example.com:6379',
};

const SCHEMES: Readonly<Record<DatabaseKind, RegExp>> = { postgresql: /^postgres(?:ql)?:$/, mongodb: /^mongodb(?:\+srv)?:$/, redis: /^rediss?:$/ };

/** What is wrong with the URL of a database. Undefined if nothing is. */
export function databaseUrlProblem(kind: DatabaseKind, url: string | undefined): string | undefined {
  // A URL of MongoDB may name several hosts, which the URL parser does not accept.
  const parsed = url === undefined ? null : URL.parse(kind === 'mongodb' ? url.replace(/,[^/?#]*/, '') : url);
  if (!parsed || !SCHEMES[kind].test(parsed.protocol) || parsed.hostname === '') return `must be the URL of the server, for example ${DATABASE_EXAMPLES[kind]}`;
  if (parsed.password !== '') return 'must not contain a password; enter it as the secret';
  if (kind !== 'redis') return /^\/[^/]+$/.test(parsed.pathname) ? undefined : `must name the database after the host, for example ${DATABASE_EXAMPLES[kind]}`;
  const isPlain = /^\/?\d*$/.test(parsed.pathname) && parsed.search === '' && parsed.hash === '';
  return isPlain ? undefined : 'must have only a database number after the host, for example /0';
}
