import { randomBytes } from 'node:crypto';

/** Values planted in a server, and every place where one was found. */
export interface Planted {
  /** Plants this value, or a new secret: 32 random bytes as base64url, which no filter recognizes by its format. */
  plant(what: string, value?: string): string;
  readonly count: number;
  /** Searches this text for all of them, plain and in all encodings. */
  search(where: string, text: string): void;
  /** Whether this text contains one of them. */
  isIn(text: string): boolean;
  /** What was found, each once. */
  readonly found: ReadonlySet<string>;
  /** How many characters were searched, by place. */
  readonly searched: ReadonlyMap<string, number>;
}

/** Encodings of the same secret. For base64 its middle part, since preceding text shifts its characters. */
const spellingsOf = (secret: string): string[] => [
  secret,
  Buffer.from(secret).toString('hex'),
  ...[0, 1, 2].map((before) =>
    Buffer.from(' '.repeat(before) + secret)
      .toString('base64')
      .slice(4, -4),
  ),
];

export function plantedSecrets(): Planted {
  const spellings = new Map<string, string>();
  const found = new Set<string>();
  const searched = new Map<string, number>();
  let count = 0;
  return {
    plant: (what, secret = randomBytes(32).toString('base64url')) => {
      count++;
      for (const spelling of spellingsOf(secret)) spellings.set(spelling, what);
      return secret;
    },
    get count() {
      return count;
    },
    search: (where, text) => {
      searched.set(where, (searched.get(where) ?? 0) + text.length);
      for (const [spelling, what] of spellings) if (text.includes(spelling)) found.add(`${what} in ${where}`);
    },
    isIn: (text) => [...spellings.keys()].some((spelling) => text.includes(spelling)),
    found,
    searched,
  };
}
