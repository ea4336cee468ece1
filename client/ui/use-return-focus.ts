import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';

/**
 * When what `root` points at goes away with the keyboard's focus in it, the focus goes on: to where `place` says, else to what had
 * it before. Without that it would fall to the top of the page.
 */
export function useReturnFocus(root: RefObject<HTMLElement | null>, place?: () => HTMLElement | null | undefined): void {
  const [opener] = useState(() => document.activeElement);
  const latest = useRef(place);
  useEffect(() => {
    latest.current = place;
  });
  useLayoutEffect(() => {
    const element = root.current;
    return () => {
      if (!element?.contains(document.activeElement)) return;
      // What comes in its place is drawn first. It is still there when effects only run anew.
      queueMicrotask(() => {
        if (element.isConnected) return;
        const next = latest.current?.() ?? opener;
        if (next instanceof HTMLElement && next.isConnected) next.focus({ preventScroll: true });
      });
    };
  }, [root, opener]);
}
