import { referencesOf } from './cel.ts';
import { splitTemplate } from './split-template.ts';
import { ExpressionSyntaxError } from './syntax-error.ts';

/**
 * A text with `steps.old` and `previous.old` (also in brackets) renamed, and everything else unchanged byte for byte. Expressions that
 * don't parse stay unchanged.
 */
export function renameInExpression(source: string, kind: 'template' | 'cel', oldKey: string, newKey: string): string {
  if (!source.includes(oldKey)) return source;
  if (kind === 'cel') return renameInCel(source, oldKey, newKey);
  const pieces = unlessUnreadable(() => splitTemplate(source));
  if (!pieces) return source;
  return pieces.map((piece) => (piece.kind === 'text' ? piece.source : `{{${renameInCel(piece.source, oldKey, newKey)}}}`)).join('');
}

function renameInCel(source: string, oldKey: string, newKey: string): string {
  const references = unlessUnreadable(() => referencesOf(source)) ?? [];
  const places = references
    .filter((reference) => (reference.root === 'steps' || reference.root === 'previous') && reference.path[0] === oldKey)
    .flatMap((reference) => reference.members.slice(0, 1))
    .sort((a, b) => b.start - a.start);
  let text = source;
  for (const { start, end } of places) {
    const quoted = /["']/.exec(text.slice(start, end))?.[0] ?? '';
    text = `${text.slice(0, start)}${quoted}${newKey}${quoted}${text.slice(end)}`;
  }
  return text;
}

function unlessUnreadable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof ExpressionSyntaxError) return undefined;
    throw thrown;
  }
}
