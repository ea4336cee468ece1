import { referencesOf } from './cel.ts';
import type { Reference } from './references.ts';
import { scriptReferences } from './script/script-references.ts';
import { splitTemplate } from './split-template.ts';
import { ExpressionSyntaxError } from './syntax-error.ts';

/** `template`: text with {{ }}. `cel`: one CEL expression. `script`: user code in JavaScript. */
export type ExpressionKind = 'template' | 'cel' | 'script';

/**
 * A text with `steps.old`, `previous.old`, and `run.callbacks.old` (also in brackets) renamed, and everything else unchanged byte for byte. Expressions that
 * don't parse stay unchanged.
 */
export function renameInExpression(source: string, kind: ExpressionKind, oldKey: string, newKey: string): string {
  if (!source.includes(oldKey)) return source;
  if (kind === 'script') return renameAt(source, scriptReferences(source), oldKey, newKey);
  if (kind === 'cel') return renameInCel(source, oldKey, newKey);
  const pieces = unlessUnreadable(() => splitTemplate(source));
  if (!pieces) return source;
  return pieces.map((piece) => (piece.kind === 'text' ? piece.source : `{{${renameInCel(piece.source, oldKey, newKey)}}}`)).join('');
}

const renameInCel = (source: string, oldKey: string, newKey: string): string =>
  renameAt(source, unlessUnreadable(() => referencesOf(source)) ?? [], oldKey, newKey);

function renameAt(source: string, references: readonly Reference[], oldKey: string, newKey: string): string {
  const places = references
    .flatMap(({ root, path, members }) => {
      const at = keyIndexOf(root, path);
      return at !== undefined && path[at] === oldKey ? members.slice(at, at + 1) : [];
    })
    .sort((a, b) => b.start - a.start);
  let text = source;
  for (const { start, end } of places) {
    const quoted = /["']/.exec(text.slice(start, end))?.[0] ?? '';
    text = `${text.slice(0, start)}${quoted}${newKey}${quoted}${text.slice(end)}`;
  }
  return text;
}

/** Which member of a reference is a node key, if one is. */
function keyIndexOf(root: string, [first]: readonly string[]): number | undefined {
  if (root === 'steps' || root === 'previous') return 0;
  return root === 'run' && first === 'callbacks' ? 1 : undefined;
}

function unlessUnreadable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof ExpressionSyntaxError) return undefined;
    throw thrown;
  }
}
