import type { Reference } from './references.ts';
import { referencesInText } from './rewrite-key.ts';
import { splitTemplate } from './split-template.ts';

/** An expression that only passes on a value: `steps.draft.text`. */
export interface PassedReference {
  readonly text: string;
  readonly reference: Reference;
}

/** The expression of a template that consists of one, so that its value keeps its type. Throws ExpressionSyntaxError. */
export function onlyExpression(template: string): string | undefined {
  const pieces = splitTemplate(template).filter(({ kind, source }) => kind === 'expression' || source.trim() !== '');
  const [only] = pieces;
  return pieces.length === 1 && only?.kind === 'expression' ? only.source.trim() : undefined;
}

/** What a template passes on, if it does nothing else: `{{ steps.draft.text }}`. Throws ExpressionSyntaxError. */
export function passedReference(template: string): PassedReference | undefined {
  const text = onlyExpression(template);
  const [reference, ...others] = text === undefined ? [] : referencesInText(text, 'cel');
  if (text === undefined || !reference || others.length > 0 || reference.start !== 0) return undefined;
  return endOfMember(text, reference, reference.path.length - 1) === text.length ? { text, reference } : undefined;
}

/** Where the member at an index ends, with its bracket. At -1, where the root ends. */
export function endOfMember(source: string, reference: Reference, index: number): number {
  const member = reference.members[index];
  if (!member) return reference.start + reference.root.length;
  return /["']/.test(source.charAt(member.start)) ? member.end + (/^\s*\]/.exec(source.slice(member.end))?.[0].length ?? 0) : member.end;
}
