import { Outlet, useRouterState } from '@tanstack/react-router';
import { type ReactElement, useEffect, useRef } from 'react';
import { isBare } from '../api/check-session.ts';
import { liveSocket } from '../live/socket.ts';
import { PaletteHost } from '../palette/palette-host.tsx';
import { Rail } from './rail.tsx';
import styles from './shell.module.css';

/** The frame of every page: skip link, rail, the page itself, and the palette over all. */
export function Shell(): ReactElement {
  const main = useFocusOnNewPage();
  const bare = useRouterState({ select: (state) => isBare(state.location.pathname) });
  useEffect(() => {
    if (!bare) liveSocket();
  }, [bare]);
  // Opened from a message, without sign-in: the task or the canvas alone, and no way to the rest.
  if (bare) {
    return (
      <main id="page" ref={main} tabIndex={-1} className={styles.bare}>
        <Outlet />
      </main>
    );
  }
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#page">
        Skip to content
      </a>
      <Rail />
      <main id="page" ref={main} tabIndex={-1} className={styles.page}>
        <Outlet />
      </main>
      <PaletteHost />
    </div>
  );
}

/** A new page begins at its start for the keyboard and for screen readers too. */
function useFocusOnNewPage() {
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the path is what starts it
  useEffect(() => {
    if (first.current) first.current = false;
    else if (!main.current?.contains(document.activeElement)) main.current?.focus({ preventScroll: true });
  }, [path]);
  return main;
}
