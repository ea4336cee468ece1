import { Outlet, useRouterState } from '@tanstack/react-router';
import { type ReactElement, useEffect, useRef } from 'react';
import { isBare } from '../api/check-session.ts';
import { NewWorkflowHost } from '../frame/creating/new-workflow-host.tsx';
import { liveSocket } from '../live/socket.ts';
import { PaletteHost } from '../palette/palette-host.tsx';
import { Rail } from './rail.tsx';
import styles from './shell.module.css';

/** The frame of every page: skip link, rail, content, and command palette. */
export function Shell(): ReactElement {
  const main = useFocusOnNewPage();
  const bare = useRouterState({ select: (state) => isBare(state.location.pathname) });
  useEffect(() => {
    if (!bare) liveSocket();
  }, [bare]);
  // Opened from a link without sign-in: only the review or canvas, without navigation.
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
      <NewWorkflowHost />
    </div>
  );
}

/** Moves the focus to the start of each new page, for keyboards and screen readers. */
function useFocusOnNewPage() {
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the path triggers the effect
  useEffect(() => {
    if (first.current) first.current = false;
    else if (!main.current?.contains(document.activeElement)) main.current?.focus({ preventScroll: true });
  }, [path]);
  return main;
}
