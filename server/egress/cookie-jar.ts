/*
 * The cookies of one request and its redirects (RFC 6265). Each goes back only to the host that set it: a Domain attribute widens nothing,
 * so no list of public suffixes is needed. Paths and expiry times are not kept, since a jar lives no longer than a step.
 */

/** Beyond this, a server’s cookies are ignored. */
const MOST_COOKIES = 100;
const MOST_BYTES = 4_096;

const COOKIE = /^\s*([!#$%&'*+.^_`|~\w-]+)\s*=\s*([^;\s",\\]*|"[^;\s",\\]*")\s*(;.*)?$/;
const SECURE = /;\s*secure\s*(;|$)/i;
const ENDED = /;\s*max-age\s*=\s*(0|-\d+)\s*(;|$)/i;
const EXPIRES = /;\s*expires\s*=\s*([^;]+)/i;

const isEnded = (attributes: string): boolean => ENDED.test(attributes) || Date.parse(EXPIRES.exec(attributes)?.[1] ?? '') <= Date.now();

export function createCookieJar(first: URL, cookies: Readonly<Record<string, string>>) {
  const jars = new Map([[first.origin, new Map(Object.entries(cookies))]]);
  return {
    /** The cookies of an origin, by name. */
    of: ({ origin }: URL): Record<string, string> => Object.fromEntries(jars.get(origin) ?? []),
    /** The value of the Cookie header. Undefined if there is nothing to send. */
    headerFor: ({ origin }: URL, headers: Readonly<Record<string, string>>): string | undefined => {
      const own = Object.entries(headers).find(([name]) => name.toLowerCase() === 'cookie')?.[1];
      const kept = [...(jars.get(origin) ?? [])].map(([name, value]) => `${name}=${value}`);
      return kept.length === 0 ? undefined : [...(own ? [own] : []), ...kept].join('; ');
    },
    /** Keeps what a server sets. */
    keep: ({ origin, protocol }: URL, lines: readonly string[]): void => {
      const jar = jars.get(origin) ?? new Map<string, string>();
      jars.set(origin, jar);
      for (const line of lines) {
        const [, name, value = '', attributes = ''] = (line.length <= MOST_BYTES && COOKIE.exec(line)) || [];
        if (name === undefined || (protocol !== 'https:' && SECURE.test(attributes))) continue;
        if (isEnded(attributes)) jar.delete(name);
        else if (jar.has(name) || jar.size < MOST_COOKIES) jar.set(name, value);
      }
    },
  };
}
