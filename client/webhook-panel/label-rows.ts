import { LABEL_NAME } from '@switchyard/shared/contracts/webhooks.ts';
import { z } from 'zod';

/** A label being edited. */
export interface LabelRow {
  readonly id: number;
  readonly name: string;
  readonly template: string;
}

const SUGGESTED = ['tenant', 'feature', 'channel', 'language'];

export const rowsOf = (labels: Readonly<Record<string, string>>): readonly LabelRow[] =>
  Object.entries(labels).map(([name, template], id) => ({ id, name, template }));

const keptRows = z.array(z.object({ id: z.number(), name: z.string(), template: z.string() }));
/** Rows restored from stored text, or undefined if there are none. */
export function readRows(text: string | undefined): readonly LabelRow[] | undefined {
  try {
    return keptRows.safeParse(JSON.parse(text ?? '')).data;
  } catch {
    return undefined;
  }
}

/** The labels of all complete rows, or undefined while a name is invalid. */
export function labelsOf(rows: readonly LabelRow[]): Record<string, string> | undefined {
  if (rows.some((row) => rowFault(row, rows) !== undefined)) return undefined;
  return Object.fromEntries(rows.filter(({ template }) => template.trim() !== '').map(({ name, template }) => [name, template.trim()]));
}

/** What is wrong with a label’s name. */
export function rowFault(row: LabelRow, rows: readonly LabelRow[]): string | undefined {
  if (!LABEL_NAME.test(row.name)) return 'Use lowercase letters, digits, _, and -';
  return rows.some(({ id, name }) => id !== row.id && name === row.name) ? 'Another label has this name' : undefined;
}

/** The first usual label not used yet. */
export const suggestedName = (rows: readonly LabelRow[]): string => SUGGESTED.find((name) => rows.every((row) => row.name !== name)) ?? '';
