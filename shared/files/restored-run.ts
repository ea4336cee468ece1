import { isBlobRef } from '../run/blob.ts';
import { isFilesRef, restored } from './stored-value.ts';

/*
 * Events and runs as a page shows them: values have their files in place. Large values stay references, with their list of files.
 */

const shown = (value: unknown): unknown => (isFilesRef(value) && !isBlobRef(value.value) ? restored(value) : value);

function withShown<T extends object>(holder: T, names: readonly string[]): T {
  let copy: T | undefined;
  for (const name of names) {
    const value = (holder as Record<string, unknown>)[name];
    const next = shown(value);
    if (next !== value) copy = { ...(copy ?? holder), [name]: next };
  }
  return copy ?? holder;
}

const VALUES = ['input', 'output', 'result', 'items', 'value'];

/** An event with the files of its values. Returns the event itself if it has none. */
export function restoredEvent<E extends object>(event: E): E {
  const { reply, record } = event as { readonly reply?: unknown; readonly record?: unknown };
  const next = withShown(event, VALUES);
  const given = inside(reply, ['value']);
  const recorded = inside(record, ['request']);
  return given === reply && recorded === record
    ? next
    : { ...next, ...(given !== undefined && { reply: given }), ...(recorded !== undefined && { record: recorded }) };
}

const inside = (holder: unknown, names: readonly string[]): unknown => (typeof holder === 'object' && holder !== null ? withShown(holder, names) : holder);

/** A run with the files of its values, and of its steps. */
export function restoredRun<R extends object>(run: R): R {
  const { steps } = run as { readonly steps?: unknown };
  const next = withShown(run, VALUES);
  return Array.isArray(steps) ? { ...next, steps: steps.map((step: object) => withShown(step, VALUES)) } : next;
}
