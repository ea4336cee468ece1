import { readJson } from '@switchyard/shared/read-json.ts';

const tryParse = (text: string): { value: unknown } | undefined => {
  try {
    return { value: readJson(text) };
  } catch {
    return undefined;
  }
};

const OPENING_FENCE = /^```[a-z]*[^\S\n]*\n/i;

/** The text inside a code fence, or the whole text. Plain string operations: a regular expression over both fences isn't linear. */
function withoutFence(text: string): string {
  const trimmed = text.trim();
  const fence = OPENING_FENCE.exec(trimmed);
  return fence && trimmed.length > fence[0].length + 2 && trimmed.endsWith('```') ? trimmed.slice(fence[0].length, -3).trim() : trimmed;
}

/** Reads JSON as models write it: bare, in a code fence, or with words around it. Undefined if there is none. */
export function parseModelJson(text: string): { readonly value: unknown } | undefined {
  const bare = withoutFence(text);
  const whole = tryParse(bare);
  if (whole) return whole;
  const start = bare.search(/[{[]/);
  const end = Math.max(bare.lastIndexOf('}'), bare.lastIndexOf(']'));
  return start >= 0 && end > start ? tryParse(bare.slice(start, end + 1)) : undefined;
}
