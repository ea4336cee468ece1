import type { RunSummary } from '@switchyard/shared/contracts/runs.ts';
import { isFileHandle } from '@switchyard/shared/files/file-handle.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { isBlobRef } from '@switchyard/shared/run/blob.ts';
import { isRemoved } from '@switchyard/shared/run/removed.ts';

const LENGTH = 160;

/** What distinguishes a run from others of its workflow: its error, when a schedule was due, or the values of its input. */
export function runExcerpt({ status, error, input }: Pick<RunSummary, 'status' | 'error' | 'input'>): string {
  if (status === 'failed' && error) return inOneLine(error.message);
  if (isRemoved(input)) return 'Input removed';
  const values = isBlobRef(input) ? textsOf(input.preview) : [];
  if (!isBlobRef(input)) collect(input, values);
  return inOneLine(inWords(values).join(' · '));
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** The input of a schedule begins with when the run was due and started. Only the first is shown, in the time zone of this browser. */
function inWords(values: readonly string[]): readonly string[] {
  const [dueAt = '', firedAt = '', ...rest] = values;
  if (!TIME.test(dueAt) || !TIME.test(firedAt)) return values;
  return [`Schedule · ${new Date(dueAt).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })}`, ...rest];
}

/** Collects texts and numbers in document order until there are enough. */
function collect(value: unknown, found: string[]): void {
  if (found.join().length > LENGTH || isRemoved(value)) return;
  if (isFileHandle(value)) found.push(value.name);
  else if (typeof value === 'number' || (typeof value === 'string' && value.trim() !== '')) found.push(String(value).slice(0, LENGTH + 1));
  else if (Array.isArray(value)) for (const item of value.slice(0, LENGTH)) collect(item, found);
  else if (isPlainObject(value)) for (const item of Object.values(value)) collect(item, found);
}

/** The strings of truncated JSON, without field names. Any other text is returned whole. */
function textsOf(preview: string): string[] {
  if (!/^\s*[[{]/.test(preview)) return [preview];
  return [...preview.matchAll(/"((?:[^"\\]|\\.)*)(?:"(\s*:)?|$)/g)].flatMap(([, text = '', isName]) => (isName || text === '' ? [] : [unescaped(text)]));
}

function unescaped(text: string): string {
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    return text;
  }
}

function inOneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > LENGTH ? `${line.slice(0, LENGTH)}…` : line;
}
