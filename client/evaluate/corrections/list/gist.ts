import { isRemoved } from '@switchyard/shared/run/removed.ts';
import { type TextPart, textChanges } from '../../../text-changes/text-changes.ts';

/** Longer texts are not compared for a line of a list. */
const LONGEST = 20_000;
const CONTEXT = 24;
const SHOWN = 70;

export const valueWords = (value: unknown): string => {
  if (value === null || value === undefined || value === '') return '';
  return typeof value === 'string' ? value : typeof value === 'boolean' ? (value ? 'yes' : 'no') : (JSON.stringify(value) ?? '');
};

const cut = (text: string): string => {
  const line = text.replace(/\s+/g, ' ');
  return line.length > SHOWN ? `${line.slice(0, SHOWN - 1)}…` : line;
};

/** The first place that changed, with a few words before it, for one line. Undefined if the texts were removed or are too long. */
export function gistOf(before: unknown, after: unknown): readonly TextPart[] | undefined {
  if (isRemoved(before) || isRemoved(after)) return undefined;
  const [draft, text] = [valueWords(before), valueWords(after)];
  if (draft.length + text.length > LONGEST) return undefined;
  const parts = textChanges(draft, text);
  const first = parts.findIndex(({ kind, text: words }) => kind !== 'same' && words.trim() !== '');
  if (first === -1) return undefined;
  const lead = parts[first - 1]?.kind === 'same' ? (parts[first - 1]?.text ?? '') : '';
  const end = parts.findIndex(({ kind }, index) => index > first && kind === 'same');
  const changed = parts.slice(first, end === -1 ? undefined : end);
  return [
    {
      kind: 'same' as const,
      text: lead
        .replace(/\s+/g, ' ')
        .slice(-CONTEXT)
        .replace(/^\S*\s/, ''),
    },
    ...changed.map((part) => ({ ...part, text: cut(part.text) })),
  ].filter(({ text: words }) => words !== '');
}
