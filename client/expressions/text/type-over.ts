import { expressionAt } from './spans.ts';

/** The replacement for a typed key, and the new cursor position. */
export interface TypedOver {
  readonly from: number;
  readonly to: number;
  readonly cursor: number;
}

/**
 * Types over automatically inserted braces and the space before them, so typing `{{ input.message }}` to its end inserts it once. Undefined
 * if the key belongs to the expression, such as the brace that ends an object.
 */
export function typeOver(text: string, at: number, key: string): TypedOver | undefined {
  const after = text.slice(at);
  if (key === '}' && text[at - 1] === '}' && after.startsWith('}') && expressionAt(text, at - 1) !== undefined) return { from: at, to: at, cursor: at + 1 };
  const open = expressionAt(text, at);
  const end = /^ ?\}\}/.exec(after)?.[0].length;
  if (open === undefined || end === undefined) return undefined;
  const before = text.slice(open, at);
  if (key === ' ') return before === ' ' && end === 3 ? { from: at, to: at, cursor: at } : undefined;
  if (key !== '}' || isUnfinished(before)) return undefined;
  const doubled = before.endsWith(' ') && end === 3 ? 1 : 0;
  return { from: at, to: at + doubled, cursor: at + end - doubled - 1 };
}

/** Whether an object, or a string in it, is not closed yet. */
function isUnfinished(expression: string): boolean {
  let depth = 0;
  let quote = '';
  for (let index = 0; index < expression.length; index++) {
    const char = expression[index] ?? '';
    if (quote !== '') {
      if (char === '\\') index += 1;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '{') depth += 1;
    else if (char === '}') depth -= 1;
  }
  return quote !== '' || depth > 0;
}
