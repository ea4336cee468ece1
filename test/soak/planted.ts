import { randomBytes } from 'node:crypto';

/** Secrets that are planted in a server, and every place where one came to light. */
export interface Planted {
  /** A new secret: 32 random bytes as base64url, which no filter knows by its looks. */
  plant(what: string): string;
  readonly count: number;
  /** Looks for all of them in this text, as they are and in the ways that texts are written. */
  search(where: string, text: string): void;
  /** What was found, each once. */
  readonly found: ReadonlySet<string>;
  /** How many characters were looked through, by place. */
  readonly searched: ReadonlyMap<string, number>;
}

/** Ways in which the same secret may be written; the middle of it in base64, since what stands before shifts its letters. */
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
    plant: (what) => {
      count++;
      const secret = randomBytes(32).toString('base64url');
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
    found,
    searched,
  };
}
