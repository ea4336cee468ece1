import { endOfMember, type PassedReference, passedReference } from '@switchyard/shared/expression/passed-reference.ts';
import type { Reference } from '@switchyard/shared/expression/references.ts';
import { type ExpressionKind, referencesInText, rewriteReferences, type TextEdit } from '@switchyard/shared/expression/rewrite-key.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { memberInCode } from './member-in-code.ts';

/*
 * Replaces references into a value by what the value reads. `input.draft.text` becomes `steps.draft.text` if the field `draft` of the input is
 * `{{ steps.draft }}`. Possible only for fields that pass on one value; others need a step that computes them.
 */

/** A value that references lead into: JSON with expressions, under a root and the members before it. */
export interface Passed {
  readonly root: string;
  /** The member after the root that holds the value: the key of a step. Undefined if the root itself does. */
  readonly key?: string;
  readonly value: unknown;
}

/** Whether a reference leads into the value. */
const leadsInto = ({ root, path }: Reference, passed: Passed): boolean => root === passed.root && (passed.key === undefined || path[0] === passed.key);

/** The text with references into the value replaced. Undefined if one of them can’t be. */
export function substituted(source: string, kind: ExpressionKind, passed: Passed): string | undefined {
  let isPossible = true;
  const text = rewriteReferences(source, kind, (reference): TextEdit[] => {
    if (!leadsInto(reference, passed)) return [];
    const edit = kind === 'script' ? replacementInCode(source, reference, passed) : replacement(source, reference, passed);
    if (!edit) isPossible = false;
    return edit ? [edit] : [];
  });
  return isPossible ? text : undefined;
}

/** Whether a text has a reference into the value. */
export const readsPassed = (source: string, kind: ExpressionKind, passed: Passed): boolean =>
  referencesInText(source, kind).some((reference) => leadsInto(reference, passed));

function replacement(source: string, reference: Reference, { value, key }: Passed): TextEdit | undefined {
  // A text is the value itself. Of an object, a field is read.
  const isField = typeof value !== 'string';
  const index = (key === undefined ? -1 : 0) + (isField ? 1 : 0);
  const template = isField ? fieldOf(value, reference.path[index]) : value;
  const chain = typeof template === 'string' ? passedReference(template) : undefined;
  const end = endOfMember(source, reference, index);
  const text = chain && asked(chain, reference, { index, isMarked: source.slice(reference.start, end).includes('?') });
  return text === undefined ? undefined : { start: reference.start, end, text };
}

/** Names that code can read. */
const IN_CODE: ReadonlySet<string> = new Set(['input', 'steps', 'vars', 'item', 'index']);

/** A bare name may also be a field in code, `{ input }`, so only what is followed by a member is replaced. */
function replacementInCode(source: string, reference: Reference, { value, key }: Passed): TextEdit | undefined {
  const begun = endOfMember(source, reference, key === undefined ? -1 : 0);
  const member = memberInCode(source, begun);
  const template = typeof value === 'string' ? value : fieldOf(value, member?.name);
  const chain = typeof template === 'string' ? passedReference(template) : undefined;
  if (!member || !chain || chain.reference.optionalFrom !== undefined || !IN_CODE.has(chain.reference.root)) return undefined;
  return { start: reference.start, end: typeof value === 'string' ? begun : member.end, text: chain.text };
}

const fieldOf = (value: unknown, name: string | undefined): unknown =>
  isPlainObject(value) && name !== undefined && Object.hasOwn(value, name) ? value[name] : undefined;

/**
 * The chain as it replaces the members of a reference up to an index. If they are marked with `.?`, its last member is, too. Undefined if the
 * chain may be missing but the reference expects a value, or if it has no member to mark.
 */
function asked(
  { text, reference: chain }: PassedReference,
  { optionalFrom }: Reference,
  { index, isMarked }: { index: number; isMarked: boolean },
): string | undefined {
  const last = chain.members.at(-1);
  if (chain.optionalFrom !== undefined) return isMarked ? text : undefined;
  if (isMarked) return last && `${text.slice(0, last.start)}?${text.slice(last.start)}`;
  const isInHas = optionalFrom !== undefined && optionalFrom <= index;
  return isInHas && !last ? undefined : text;
}
