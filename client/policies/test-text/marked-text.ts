/* Finds placeholders in a redacted text, to draw them. */

/** A part of a text. `choice` is set for a placeholder: the action that made it. */
export interface TextPart {
  readonly at: number;
  readonly text: string;
  readonly choice?: 'mask' | 'hash' | 'tokenise';
}

const PLACEHOLDER = /\[([a-z][a-z0-9-]{0,39})(?:( …[^\]]{1,8})|#([b-z]{12})|:([b-z]{12}))?\]/g;

/** A redacted text in parts. Only the names of detectors that found something are placeholders. */
export function partsOf(text: string, found: Readonly<Record<string, number>>): TextPart[] {
  const parts: TextPart[] = [];
  let at = 0;
  const add = (part: Omit<TextPart, 'at'>) => {
    if (part.text !== '') parts.push({ at, ...part });
    at += part.text.length;
  };
  for (const { 0: whole, 1: name = '', 3: hash, 4: token, index } of text.matchAll(PLACEHOLDER)) {
    if (!Object.hasOwn(found, name)) continue;
    add({ text: text.slice(at, index) });
    add({ text: whole, choice: token === undefined ? (hash === undefined ? 'mask' : 'hash') : 'tokenise' });
  }
  add({ text: text.slice(at) });
  return parts;
}

/** An object or list as JSON, to test rules for fields. Undefined for any other text. */
export function jsonOf(text: string): object | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
