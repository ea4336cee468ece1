import { type RefObject, useEffect, useState } from 'react';

/** The node under the pointer, or with the keyboard focus, and the output port under the pointer. */
export interface Hovered {
  readonly nodeId: string;
  readonly port?: string;
}

/** The pointer rests this long on a node before its tools show. */
const SHOW_MS = 120;
/** They stay this long after the pointer left, which may be on its way to them. */
const STAY_MS = 250;

/** Marks elements that keep the tools shown while the pointer is on them. */
export const HOVER_TOOLS = 'data-hover-tools';

const hoveredIn = (target: EventTarget | null): Hovered | undefined => {
  if (!(target instanceof Element)) return undefined;
  const nodeId = target.closest<HTMLElement>('.react-flow__node')?.dataset.id;
  const port = target.closest<HTMLElement>('.react-flow__handle.source')?.dataset.handleid;
  return nodeId === undefined ? undefined : { nodeId, ...(port !== undefined && { port }) };
};

/** Tracks the hovered node of a canvas. Undefined while a button is pressed: nodes are dragged, or a selection is drawn. */
export function useHovered(root: RefObject<HTMLElement | null>): Hovered | undefined {
  const [hovered, setHovered] = useState<Hovered>();
  useEffect(() => {
    const canvas = root.current;
    if (!canvas) return;
    let timer = 0;
    const later = (next: Hovered | undefined, ms: number) => {
      clearTimeout(timer);
      timer = window.setTimeout(() => setHovered((now) => (now?.nodeId === next?.nodeId && now?.port === next?.port ? now : next)), ms);
    };
    const over = (event: PointerEvent) => {
      if (event.pointerType === 'touch' || event.buttons !== 0) return;
      if (event.target instanceof Element && event.target.closest(`[${HOVER_TOOLS}]`)) clearTimeout(timer);
      else {
        const next = hoveredIn(event.target);
        later(next, next ? SHOW_MS : STAY_MS);
      }
    };
    const leave = () => later(undefined, STAY_MS);
    const press = (event: PointerEvent) => {
      if (!(event.target instanceof Element && event.target.closest(`[${HOVER_TOOLS}]`))) later(undefined, 0);
    };
    const focus = (event: FocusEvent) => {
      const element = event.target;
      if (element instanceof HTMLElement && element.matches('.react-flow__node:focus-visible')) later(hoveredIn(element), 0);
    };
    canvas.addEventListener('pointerover', over);
    canvas.addEventListener('pointerleave', leave);
    canvas.addEventListener('pointerdown', press);
    canvas.addEventListener('focusin', focus);
    canvas.addEventListener('focusout', leave);
    return () => {
      clearTimeout(timer);
      canvas.removeEventListener('pointerover', over);
      canvas.removeEventListener('pointerleave', leave);
      canvas.removeEventListener('pointerdown', press);
      canvas.removeEventListener('focusin', focus);
      canvas.removeEventListener('focusout', leave);
    };
  }, [root]);
  return hovered;
}
