import { type RefObject, useEffect, useRef } from 'react';

const FIELD = 'input, textarea, [contenteditable="true"]';

/** Focuses the first field of a newly added row. Rows in `list` have `data-row`. Call the returned function when adding one. */
export function useFreshRow(list: RefObject<HTMLElement | null>): () => void {
  const added = useRef(false);
  useEffect(() => {
    if (!added.current) return;
    added.current = false;
    const row = [...(list.current?.querySelectorAll('[data-row]') ?? [])].at(-1);
    const field = row?.querySelector<HTMLElement>(FIELD);
    field?.focus();
    if (field instanceof HTMLInputElement) field.select();
  });
  return () => {
    added.current = true;
  };
}
