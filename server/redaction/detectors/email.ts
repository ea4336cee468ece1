import type { Span } from './span.ts';

/** `@`, also as it is written in URLs. */
const AT = /@|%40/g;
const LONGEST_LOCAL = 64;
const LOCAL_END = /[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]+$/u;
const DOMAIN = /(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.){1,8}(?:xn--[a-z0-9-]{2,59}|\p{L}{2,24})/uy;
/** The start of an address at the end of a text. */
const UNFINISHED = /[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]{1,64}(?:@|%40?|%)[\p{L}\p{N}.-]{0,253}$/u;
const LONGEST_UNFINISHED = LONGEST_LOCAL + 3 + 253;

/** Email addresses: looks at the few characters around each `@`. */
export function* emails(text: string): Iterable<Span> {
  for (const { 0: at, index } of text.matchAll(AT)) {
    const local = LOCAL_END.exec(text.slice(Math.max(0, index - LONGEST_LOCAL), index))?.[0].replace(/^[.'`/=?&]+/, '');
    if (!local) continue;
    DOMAIN.lastIndex = index + at.length;
    const domain = DOMAIN.exec(text)?.[0];
    if (domain !== undefined) yield [index - local.length, index + at.length + domain.length];
  }
}

/** Where an address begins that the end of the text may have cut off. Undefined if there is none. */
export function unfinishedEmail(text: string): number | undefined {
  const from = Math.max(0, text.length - LONGEST_UNFINISHED);
  const found = UNFINISHED.exec(text.slice(from));
  return found ? from + found.index : undefined;
}
