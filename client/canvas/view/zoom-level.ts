import { useStore } from '@xyflow/react';
import { type RefObject, useEffect } from 'react';

/** Below this zoom a card’s text is unreadable (13 px become 6): only the icon and a large title are rendered. */
const TEXT_ZOOM = 0.45;
/** Title height on screen, and the maximum height of two title lines within a card. */
const TITLE_ON_SCREEN = 10.5;
const MAX_TITLE = 28;

/** Whether the canvas is zoomed out too far to render text. */
export const useZoomedOut = (): boolean => useStore((state) => state.transform[2] < TEXT_ZOOM);

/** Marks the canvas as zoomed out, for style sheets to hide text that would be unreadable. */
export function ZoomLevel({ root }: { root: RefObject<HTMLElement | null> }): null {
  const zoomedOut = useZoomedOut();
  const title = useStore((state) => Math.min(MAX_TITLE, Math.round(TITLE_ON_SCREEN / state.transform[2])));
  useEffect(() => {
    root.current?.toggleAttribute('data-zoomed-out', zoomedOut);
    if (zoomedOut) root.current?.style.setProperty('--zoomed-out-title', `${title}px`);
  }, [root, zoomedOut, title]);
  return null;
}
