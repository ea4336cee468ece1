import { type KeyboardEvent, type RefObject, useCallback } from 'react';
import { nodeElement } from '../canvas/view/use-canvas-focus.ts';
import { useEditorApi } from '../open-workflow/editor-store.ts';
import { useReturnFocus } from '../ui/use-return-focus.ts';

/** A list that hangs at a field takes Escape for itself. */
const hasOpenList = (target: EventTarget): boolean => target instanceof HTMLInputElement && target.hasAttribute('aria-controls');

/** Escape leaves the side panel from any of its fields, and the keyboard is back on the step that it told of. */
export function usePanelKeys(side: RefObject<HTMLElement | null>): (event: KeyboardEvent<HTMLElement>) => void {
  const editor = useEditorApi();
  useReturnFocus(side, () => nodeElement(editor.getState().selection.nodes[0]));
  return useCallback(
    (event) => {
      const { currentTarget, target } = event;
      const within = target instanceof Node && currentTarget.contains(target);
      if (event.key !== 'Escape' || event.defaultPrevented || !within || hasOpenList(target)) return;
      event.preventDefault();
      editor.getState().openPanel(null);
    },
    [editor],
  );
}
