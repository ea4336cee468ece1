import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';

/**
 * When the element of `root` is removed while it contains the focus, moves the focus to `place`, or else to the previously focused element.
 * Otherwise the focus would return to the top of the page.
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
      // Waits until its replacement has rendered. Still connected if the effect was only re-run.
      queueMicrotask(() => {
        if (element.isConnected) return;
        const next = latest.current?.() ?? opener;
        if (next instanceof HTMLElement && next.isConnected) next.focus({ preventScroll: true });
      });
    };
  }, [root, opener]);
}
