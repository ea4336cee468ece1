import { type KeyboardEvent, type RefObject, useCallback } from 'react';
import { nodeElement } from '../canvas/view/use-canvas-focus.ts';
import { useEditorApi } from '../open-workflow/editor-store.ts';
import { useReturnFocus } from '../ui/use-return-focus.ts';

/** An open list of a field handles Escape itself. */
const hasOpenList = (target: EventTarget): boolean => target instanceof HTMLInputElement && target.hasAttribute('aria-controls');

const isField = (target: EventTarget): target is HTMLElement =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input:not([type="checkbox"], [type="radio"]), textarea'));

/** Escape in a field leaves the field: the focus moves to the panel. Escape there closes the panel, and the focus returns to the node. */
export function usePanelKeys(side: RefObject<HTMLElement | null>): (event: KeyboardEvent<HTMLElement>) => void {
  const editor = useEditorApi();
  useReturnFocus(side, () => nodeElement(editor.getState().selection.nodes[0]));
  return useCallback(
    (event) => {
      const { currentTarget, target } = event;
      const within = target instanceof Node && currentTarget.contains(target);
      if (event.key !== 'Escape' || event.defaultPrevented || !within || hasOpenList(target)) return;
      event.preventDefault();
      if (isField(target)) currentTarget.focus({ preventScroll: true });
      else editor.getState().openPanel(null);
    },
    [editor],
  );
}
