/** Text that arrives in many small pieces. Each piece on its own, or in a chain of concatenations, would take several times its size. */
export interface StreamedText {
  add(piece: string): void;
  /** Drops everything. */
  clear(): void;
  readonly length: number;
  /** The whole text. */
  text(): string;
}

/** How many pieces are joined at a time. */
const JOINED = 64;

export function createStreamedText(): StreamedText {
  let joined: string[] = [];
  let pieces: string[] = [];
  let length = 0;
  const join = (): void => {
    // Joining creates a flat string, so the pieces can be freed.
    joined.push(pieces.join(''));
    pieces = [];
  };
  return {
    add: (piece) => {
      if (piece === '') return;
      length += piece.length;
      if (pieces.push(piece) >= JOINED) join();
    },
    clear: () => {
      joined = [];
      pieces = [];
      length = 0;
    },
    get length() {
      return length;
    },
    text: () => {
      join();
      const whole = joined.join('');
      joined = [whole];
      return whole;
    },
  };
}
