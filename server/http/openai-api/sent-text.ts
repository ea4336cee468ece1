import { createHash } from 'node:crypto';

/** Text that was sent in small pieces, known only by its digest: the answer has the text itself. */
export interface SentText {
  add(piece: string): void;
  /** The rest of the full text. Undefined if the full text doesn’t start with the sent text. */
  restOf(whole: string): string | undefined;
}

/** How many pieces are digested at a time. */
const AT_A_TIME = 64;

export function createSentText(): SentText {
  let digested = 0;
  let pieces: string[] = [];
  const hash = createHash('sha256');
  // A piece may end in the middle of a character, which UTF-8 can’t represent.
  const digest = (): void => {
    const text = pieces.join('');
    pieces = [];
    digested += text.length;
    hash.update(text, 'utf16le');
  };
  return {
    add: (piece) => {
      if (pieces.push(piece) >= AT_A_TIME) digest();
    },
    restOf: (whole) => {
      const recent = pieces.join('');
      if (!whole.startsWith(recent, digested)) return undefined;
      const before = createHash('sha256').update(whole.slice(0, digested), 'utf16le').digest('hex');
      return hash.copy().digest('hex') === before ? whole.slice(digested + recent.length) : undefined;
    },
  };
}
