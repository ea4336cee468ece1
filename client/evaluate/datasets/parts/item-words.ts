import type { ItemSource, Split } from '@switchyard/shared/contracts/evaluation/datasets.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';

export const SPLIT_LABELS: Readonly<Record<Split, string>> = { tune: 'Tune', gate: 'Gate' };
export const SOURCE_LABELS: Readonly<Record<ItemSource['kind'], string>> = {
  hand: 'By hand',
  csv: 'CSV file',
  sample: 'Sample',
  run: 'Run',
  correction: 'Correction',
};

const MOST = 240;

/** A value in one line: its text, the text that an object has, or its JSON. */
export function inOneLine(value: unknown): string {
  if (value === undefined) return '';
  const text = typeof value === 'string' ? value : isPlainObject(value) ? (onlyText(value) ?? JSON.stringify(value)) : JSON.stringify(value);
  return text.replaceAll(/\s+/g, ' ').slice(0, MOST);
}

/** An input in one line: its message if it has one. */
export const inputInOneLine = (input: unknown): string => inOneLine(isPlainObject(input) && typeof input.message === 'string' ? input.message : input);

const onlyText = (value: Readonly<Record<string, unknown>>): string | undefined => {
  const texts = Object.values(value);
  return texts.length === 1 && typeof texts[0] === 'string' ? texts[0] : undefined;
};
