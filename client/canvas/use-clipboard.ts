import { useReactFlow } from '@xyflow/react';
import { useEffect } from 'react';
import { useEditorApi } from '../open-workflow/editor-store.ts';
import { useCanvasUiApi } from './view/canvas-ui.ts';

const inField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.closest('input, textarea, [role="dialog"]') !== null);

/**
 * Copies, cuts, and pastes nodes as text through the system clipboard, across workflows and into files. Uses the browser’s clipboard
 * events, which need no permission and work without HTTPS.
 */
export function useClipboard(): void {
  const editor = useEditorApi();
  const ui = useCanvasUiApi();
  const { screenToFlowPosition } = useReactFlow();
  useEffect(() => {
    let pointer: { x: number; y: number } | undefined;
    const track = (event: PointerEvent) => {
      const over = event.target instanceof Element && event.target.closest('.react-flow__pane') !== null;
      pointer = over ? { x: event.clientX, y: event.clientY } : undefined;
    };
    const copy = (event: ClipboardEvent): boolean => {
      if (inField(event.target) || !getSelection()?.isCollapsed) return false;
      const text = editor.getState().copyText();
      if (text === undefined) return false;
      event.clipboardData?.setData('text/plain', text);
      ui.setState({ copied: text });
      event.preventDefault();
      return true;
    };
    const cut = (event: ClipboardEvent) => {
      if (!editor.getState().readOnly && copy(event)) editor.getState().deleteSelection();
    };
    const paste = (event: ClipboardEvent) => {
      if (inField(event.target)) return;
      const text = event.clipboardData?.getData('text/plain') ?? '';
      if (editor.getState().pasteText(text, pointer && screenToFlowPosition(pointer))) event.preventDefault();
    };
    document.addEventListener('pointermove', track, { passive: true });
    document.addEventListener('copy', copy);
    document.addEventListener('cut', cut);
    document.addEventListener('paste', paste);
    return () => {
      document.removeEventListener('pointermove', track);
      document.removeEventListener('copy', copy);
      document.removeEventListener('cut', cut);
      document.removeEventListener('paste', paste);
    };
  }, [editor, ui, screenToFlowPosition]);
}
