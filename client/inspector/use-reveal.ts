import { type RefObject, useEffect, useRef } from 'react';
import { useEditor } from '../open-workflow/editor-store.ts';

const FOCUSABLE = 'input, textarea, [contenteditable="true"], button';

/** Brings the field that somebody asked for into view and puts the cursor in it. Fields carry their path as `data-field`. */
export function useReveal(nodeId: string, tab: string): RefObject<HTMLDivElement | null> {
  const body = useRef<HTMLDivElement>(null);
  const reveal = useEditor((state) => state.reveal);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the field is there only after its tab was drawn
  useEffect(() => {
    if (reveal?.nodeId !== nodeId || reveal.field === undefined) return;
    const field = closestField(body.current, reveal.field);
    if (!field) return;
    field.scrollIntoView({ block: 'nearest' });
    field.querySelector<HTMLElement>(FOCUSABLE)?.focus({ preventScroll: true });
  }, [reveal, nodeId, tab]);
  return body;
}

/** The field of this path, or the nearest one around it that is shown. */
function closestField(body: HTMLElement | null, path: string): HTMLElement | undefined {
  const fields = new Map([...(body?.querySelectorAll<HTMLElement>('[data-field]') ?? [])].map((field) => [field.dataset.field, field]));
  for (let parts = path.split('.'); parts.length > 0; parts = parts.slice(0, -1)) {
    const found = fields.get(parts.join('.'));
    if (found) return found;
  }
  return undefined;
}
