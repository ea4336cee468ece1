import { type ComponentType, type LazyExoticComponent, lazy } from 'react';

const parts = new Set<() => Promise<unknown>>();

/** A part of the page that is loaded when it is first wanted, or by `preloadParts`. */
export function lazyPart<P extends object>(load: () => Promise<ComponentType<P>>): LazyExoticComponent<ComponentType<P>> {
  parts.add(load);
  return lazy(() => load().then((part) => ({ default: part })));
}

/** Loads the parts of this page once the browser has nothing else to do, so that they are there when the server is not. */
export function preloadParts(): void {
  const load = () => {
    // A part that cannot be loaded now is asked for again when it is wanted.
    for (const part of parts) part().catch(() => {});
  };
  if ('requestIdleCallback' in globalThis) requestIdleCallback(load, { timeout: 3_000 });
  else setTimeout(load, 1_000);
}
