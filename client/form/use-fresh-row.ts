import { type RefObject, useEffect, useRef } from 'react';

const FIELD = 'input, textarea, [contenteditable="true"]';

/** Focuses the first field of a newly added row. When a row is removed by undo, its focus goes to the list’s button. Rows in `list` have `data-row`. Call the returned function when adding one. */
export function useFreshRow(list: RefObject<HTMLElement | null>): () => void {
  const added = useRef(false);
  const focused = useRef<Element>(null);
  useEffect(() => {
    if (focused.current && !focused.current.isConnected && document.activeElement === document.body)
      list.current?.querySelector<HTMLElement>(':scope > button')?.focus();
    focused.current = list.current?.contains(document.activeElement) ? document.activeElement : null;
    if (!added.current) return;
    added.current = false;
    const row = [...(list.current?.querySelectorAll('[data-row]') ?? [])].at(-1);
    const field = row?.querySelector<HTMLElement>(FIELD);
    field?.focus();
    if (field instanceof HTMLInputElement) field.select();
    focused.current = field ?? null;
  });
  return () => {
    added.current = true;
  };
}
