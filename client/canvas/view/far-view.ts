import { useStore } from '@xyflow/react';
import { type RefObject, useEffect } from 'react';

/** Below this zoom the words of a card are too small to read (13 px become 5): only its picture, title and state are drawn. */
const FAR_ZOOM = 0.4;

/** Whether the drawing is seen from so far that words are not drawn. */
export const useFar = (): boolean => useStore((state) => state.transform[2] < FAR_ZOOM);

/** Says on the canvas that it is seen from far; its style sheets leave out there what nobody could read. */
export function FarView({ root }: { root: RefObject<HTMLElement | null> }): null {
  const far = useFar();
  useEffect(() => {
    root.current?.toggleAttribute('data-far', far);
  }, [root, far]);
  return null;
}
