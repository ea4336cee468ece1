import { useStore } from '@xyflow/react';
import { type RefObject, useEffect } from 'react';

/** Below this zoom the words of a card are too small to read (13 px become 6): only its picture and a large title are drawn. */
const FAR_ZOOM = 0.45;
/** Height of a title on the screen, and the most that two lines of it may take of a card. */
const TITLE_ON_SCREEN = 10.5;
const LARGEST_TITLE = 28;

/** Whether the drawing is seen from so far that words are not drawn. */
export const useFar = (): boolean => useStore((state) => state.transform[2] < FAR_ZOOM);

/** Says on the canvas that it is seen from far; its style sheets leave out what would be too small to read. */
export function FarView({ root }: { root: RefObject<HTMLElement | null> }): null {
  const far = useFar();
  const title = useStore((state) => Math.min(LARGEST_TITLE, Math.round(TITLE_ON_SCREEN / state.transform[2])));
  useEffect(() => {
    root.current?.toggleAttribute('data-far', far);
    if (far) root.current?.style.setProperty('--far-title', `${title}px`);
  }, [root, far, title]);
  return null;
}
