/*
 * Resolves the escapes of JSON strings and URLs in a text, even if it was escaped several times, so values next to an escape or containing one
 * are found: the `n` of `\n` isn't a letter before a phone number.
 */

/** `\n` or `\u0040`, and `%20` or `%C2%A0`, each possibly escaped again (`\\n`, `%2520`). A plus between digits is a space in form encoding. */
const ESCAPE = /\\{1,16}(?:u([0-9a-f]{4})|([nrtbf]))|%(?:25)*(?:([0-7][0-9a-f])|c2%(?:25)*(a0))|(?<=\d)\+(?=\d)/gi;

export interface ResolvedText {
  readonly text: string;
  /** Where a character of the resolved text is in the original. */
  position(index: number): number;
  /** Whether a position of the original is within an escape, after its first character. */
  isInside(position: number): boolean;
}

/** A text with its escapes resolved. Undefined if it has none. Linear in its length. */
export function resolveEscapes(text: string): ResolvedText | undefined {
  if (!/[\\%+]/.test(text)) return undefined;
  const escapes = [...text.matchAll(ESCAPE)];
  if (escapes.length === 0) return undefined;
  const positions: number[] = [];
  const inside = new Set<number>();
  let resolved = '';
  let at = 0;
  const copyTo = (end: number): void => {
    resolved += text.slice(at, end);
    for (; at < end; at++) positions.push(at);
  };
  for (const { 0: written, 1: unicode, 3: percent, 4: space, index } of escapes) {
    copyTo(index);
    const code = unicode ?? percent ?? space;
    resolved += code === undefined ? ' ' : String.fromCharCode(Number.parseInt(code, 16));
    positions.push(index);
    for (let position = index + 1; position < index + written.length; position++) inside.add(position);
    at = index + written.length;
  }
  copyTo(text.length);
  return { text: resolved, position: (index) => positions[index] ?? text.length, isInside: (position) => inside.has(position) };
}
