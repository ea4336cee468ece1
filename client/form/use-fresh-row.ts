import { type RefObject, useEffect, useRef } from 'react';

const FIELD = 'input, textarea, [contenteditable="true"]';

/**
 * Moves the focus to the first field of a row that was just added, so that typing fills it in. Rows in `list` have `data-row`.
 * Call what comes back when adding one.
 */
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
