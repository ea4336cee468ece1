import type { Insertable } from './text/insertion.ts';

/** What can be done with an expression field from outside of it. */
export interface FieldHandle {
  /** Inserts an expression where the cursor is, or at a place on the screen. */
  insert(insertable: Insertable, at?: { readonly x: number; readonly y: number }): void;
}

/** Marks the root element of each expression field. */
export const FIELD_ATTRIBUTE = 'data-expression-field';

const handles = new WeakMap<Element, FieldHandle>();
let lastFocused: Element | null = null;
let isListening = false;

export function registerField(root: Element, handle: FieldHandle): void {
  handles.set(root, handle);
  if (isListening) return;
  isListening = true;
  addEventListener('focusin', ({ target }) => {
    const field = target instanceof Element ? target.closest(`[${FIELD_ATTRIBUTE}]`) : null;
    if (field) lastFocused = field;
  });
}

/** The field within an element that was focused last, or its first one. */
export function fieldWithin(container: Element): FieldHandle | undefined {
  const last = lastFocused && container.contains(lastFocused) ? lastFocused : container.querySelector(`[${FIELD_ATTRIBUTE}]`);
  return last ? handles.get(last) : undefined;
}

/** The type of a dragged expression. Its data is the expression without braces. */
export const DRAGGED = 'application/x-switchyard-expression';
