import type { ExpressionKind } from './expression-kind.ts';
import { expressionAt } from './spans.ts';

/** What is inserted: within an expression, and as an expression of its own. */
export interface Insertable {
  readonly inside: string;
  readonly alone: string;
}

/** A value or a call as it is inserted into a text: within `{{ }}`, unless the place is one already. In JSON, outside of a string, also within quotes. */
export function insertion(text: string, at: number, kind: ExpressionKind, { inside, alone }: Insertable): string {
  if (kind === 'cel' || kind === 'script') return text.trim() === '' ? alone : inside;
  const start = expressionAt(text, at);
  if (start !== undefined) return text.slice(start, at).trim() === '' ? alone : inside;
  if (kind === 'template') return `{{ ${alone} }}`;
  const quoted = JSON.stringify(`{{ ${alone} }}`);
  return isInString(text, at) ? quoted.slice(1, -1) : quoted;
}

/** Whether a place of a JSON text is in a string. Strings end at the end of their line. */
function isInString(text: string, at: number): boolean {
  let inside = false;
  for (let index = text.lastIndexOf('\n', at - 1) + 1; index < at; index++) {
    if (text[index] === '\\' && inside) index++;
    else if (text[index] === '"') inside = !inside;
  }
  return inside;
}
