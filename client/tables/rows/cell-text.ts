import { cellText, readCell } from '@switchyard/shared/tables/cell.ts';
import type { Column } from '@switchyard/shared/tables/table.ts';

/** A cell as the grid shows it. */
export function shownCell({ type }: Column, value: unknown): string {
  if (type === 'boolean' && typeof value === 'boolean') return value ? 'yes' : 'no';
  return cellText(value);
}

/** The value of typed text, or the reason why it is none. */
export function typedCell({ type, name }: Column, text: string): { readonly value: unknown } | { readonly problem: string } {
  if (type === 'json' && text.trim() !== '') {
    try {
      return { value: JSON.parse(text) };
    } catch {
      return { problem: `“${name}” must be JSON. Put text in double quotes.` };
    }
  }
  const read = readCell(type, text);
  return 'problem' in read ? { problem: `“${name}” ${read.problem}.` } : read;
}
