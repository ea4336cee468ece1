/**
 * JSON in the canonical form of RFC 8785: keys sorted by UTF-16 code units, numbers as ECMAScript writes them, no spaces. Members that are
 * undefined are left out, and `toJSON` is honored, as in JSON.stringify. Equal values give equal texts.
 */
export function canonicalJson(value: unknown): string {
  const plain: unknown = hasToJson(value) ? value.toJSON() : value;
  if (typeof plain !== 'object' || plain === null) return JSON.stringify(plain) ?? 'null';
  if (Array.isArray(plain)) return `[${plain.map(canonicalJson).join(',')}]`;
  const members = Object.entries(plain).filter(([, member]) => member !== undefined);
  return `{${members
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`)
    .join(',')}}`;
}

const hasToJson = (value: unknown): value is { toJSON(): unknown } =>
  typeof value === 'object' && value !== null && 'toJSON' in value && typeof value.toJSON === 'function';
