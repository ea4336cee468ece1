import { referencesOf } from './cel.ts';
import type { Reference } from './references.ts';
import { scriptReferences } from './script/script-references.ts';
import { splitTemplate } from './split-template.ts';
import { ExpressionSyntaxError } from './syntax-error.ts';

/** `template`: text with {{ }}. `cel`: one CEL expression. `script`: user code in JavaScript. */
export type ExpressionKind = 'template' | 'cel' | 'script';

/** Part of a text to be replaced. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The references in a text, with columns in the whole text. Expressions that don’t parse have none. */
export function referencesInText(source: string, kind: ExpressionKind): readonly Reference[] {
  if (kind === 'script') return scriptReferences(source);
  if (kind === 'cel') return celReferences(source);
  const pieces = unlessUnreadable(() => splitTemplate(source)) ?? [];
  return pieces.flatMap((piece) => (piece.kind === 'text' ? [] : celReferences(piece.source).map((reference) => shifted(reference, piece.start))));
}

/** A text with parts of its references replaced, and everything else unchanged byte for byte. The edits must not overlap. */
export function rewriteReferences(source: string, kind: ExpressionKind, edit: (reference: Reference) => readonly TextEdit[]): string {
  const edits = referencesInText(source, kind)
    .flatMap(edit)
    .sort((a, b) => b.start - a.start);
  return edits.reduce((text, { start, end, text: replacement }) => text.slice(0, start) + replacement + text.slice(end), source);
}

/** The same text with a member of a reference replaced, in the quotes that the member has. */
export function memberEdit(source: string, reference: Reference, index: number, name: string): TextEdit[] {
  const member = reference.members[index];
  if (!member) return [];
  const quoted = /["']/.exec(source.slice(member.start, member.end))?.[0] ?? '';
  return [{ ...member, text: `${quoted}${name}${quoted}` }];
}

/**
 * A text with `steps.old`, `previous.old`, and `run.callbacks.old` (also in brackets) renamed, and everything else unchanged byte for byte. Expressions that
 * don't parse stay unchanged.
 */
export function renameInExpression(source: string, kind: ExpressionKind, oldKey: string, newKey: string): string {
  if (!source.includes(oldKey)) return source;
  return rewriteReferences(source, kind, (reference) => {
    const at = keyIndexOf(reference.root, reference.path);
    return at !== undefined && reference.path[at] === oldKey ? memberEdit(source, reference, at, newKey) : [];
  });
}

const celReferences = (source: string): readonly Reference[] => unlessUnreadable(() => referencesOf(source)) ?? [];

const shifted = (reference: Reference, by: number): Reference => ({
  ...reference,
  start: reference.start + by,
  end: reference.end + by,
  members: reference.members.map(({ start, end }) => ({ start: start + by, end: end + by })),
});

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
