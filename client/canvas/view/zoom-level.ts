import { useStore } from '@xyflow/react';
import { type RefObject, useEffect } from 'react';
import { useCanvasUiApi } from './canvas-ui.ts';

/** Below this zoom a card’s text is unreadable (13 px become 6): only the icon and a large title are rendered. */
const TEXT_ZOOM = 0.45;
/** Below this zoom a title is unreadable, too (28 px become 5.6): a card is a plain box with a square in the color of its category. */
const TITLE_ZOOM = 0.2;
/** Title height on screen, and the maximum height of two title lines within a card. */
const TITLE_ON_SCREEN = 10.5;
const MAX_TITLE = 28;
/** Title of a group on screen, and its maximum height within the frame. */
const GROUP_ON_SCREEN = 14;
const MAX_GROUP = 44;

/** Each new size restyles every card, so zooming changes it in steps. */
const inSteps = (size: number): number => Math.round(size / STEP) * STEP;
const STEP = 2;

/** Whether the canvas is zoomed out too far to render text. */
export const useZoomedOut = (): boolean => useStore((state) => state.transform[2] < TEXT_ZOOM);

/** Marks the canvas as zoomed out, for style sheets to hide text that would be unreadable. */
export function ZoomLevel({ root }: { root: RefObject<HTMLElement | null> }): null {
  const ui = useCanvasUiApi();
  const zoomedOut = useZoomedOut();
  const isFar = useStore((state) => state.transform[2] < TITLE_ZOOM);
  const title = useStore((state) => Math.min(MAX_TITLE, inSteps(TITLE_ON_SCREEN / state.transform[2])));
  const group = useStore((state) => Math.min(MAX_GROUP, inSteps(GROUP_ON_SCREEN / state.transform[2])));
  useEffect(() => {
    root.current?.toggleAttribute('data-zoomed-out', zoomedOut);
    root.current?.toggleAttribute('data-zoomed-far', isFar);
    ui.setState({ far: isFar });
    if (!zoomedOut || isFar) return;
    root.current?.style.setProperty('--zoomed-out-title', `${title}px`);
    root.current?.style.setProperty('--zoomed-out-group', `${group}px`);
  }, [root, ui, zoomedOut, isFar, title, group]);
  return null;
}
