import { isTooDeep } from '@switchyard/shared/json.ts';

const FENCED = /^\s*```[a-z]*\s*\n([\s\S]*?)\n?\s*```\s*$/i;

const tryParse = (text: string): { value: unknown } | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return isTooDeep(value) ? undefined : { value };
  } catch {
    return undefined;
  }
};

/** Reads JSON as models write it: bare, in a code fence, or with words around it. Undefined when there is none. */
export function parseModelJson(text: string): { readonly value: unknown } | undefined {
  const bare = FENCED.exec(text)?.[1] ?? text.trim();
  const whole = tryParse(bare);
  if (whole) return whole;
  const start = bare.search(/[{[]/);
  const end = Math.max(bare.lastIndexOf('}'), bare.lastIndexOf(']'));
  return start >= 0 && end > start ? tryParse(bare.slice(start, end + 1)) : undefined;
}
