import { type RefObject, useEffect, useRef, useState } from 'react';
import { DRAGGED, FIELD_ATTRIBUTE } from './field-handles.ts';

interface DropActions {
  /** An expression is dragged above the field, so it will need its editor. */
  prepare(): void;
  insert(expression: string, at: { readonly x: number; readonly y: number }): void;
}

/** Takes expressions that are dragged onto a field. Returns whether one is above it. */
export function useDrops(root: RefObject<HTMLElement | null>, actions: DropActions): boolean {
  const [isOver, setIsOver] = useState(false);
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    const element = root.current;
    if (!element) return;
    const takes = (event: DragEvent) => event.dataTransfer?.types.includes(DRAGGED) === true && element.hasAttribute(FIELD_ATTRIBUTE);
    const over = (event: DragEvent) => {
      if (!takes(event)) return;
      event.preventDefault();
      setIsOver(true);
      latest.current.prepare();
    };
    const leave = (event: DragEvent) => {
      if (!(event.relatedTarget instanceof Node && element.contains(event.relatedTarget))) setIsOver(false);
    };
    const end = () => setIsOver(false);
    const drop = (event: DragEvent) => {
      if (!takes(event)) return;
      event.preventDefault();
      event.stopPropagation();
      setIsOver(false);
      latest.current.insert(event.dataTransfer?.getData(DRAGGED) ?? '', { x: event.clientX, y: event.clientY });
    };
    element.addEventListener('dragover', over);
    element.addEventListener('dragleave', leave);
    // Before the editor’s own drop, which would insert the plain text.
    element.addEventListener('drop', drop, true);
    addEventListener('dragend', end);
    return () => {
      removeEventListener('dragend', end);
      element.removeEventListener('dragover', over);
      element.removeEventListener('dragleave', leave);
      element.removeEventListener('drop', drop, true);
    };
  }, [root]);
  return isOver;
}
