import { expressionAt } from './spans.ts';

/** What is replaced when a key is typed, and where the cursor goes. */
export interface TypedOver {
  readonly from: number;
  readonly to: number;
  readonly cursor: number;
}

/**
 * Braces that were written by themselves are typed over, as is the space before them: whoever types `{{ input.message }}` to its
 * end gets it once. Nothing where the key belongs into the expression, as the brace that ends an object does.
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

/** Whether an object or a text in it has no end yet. */
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
