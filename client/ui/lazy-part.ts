import { type ComponentType, type LazyExoticComponent, lazy } from 'react';

const parts = new Set<() => Promise<unknown>>();

/** A component loaded on first use, or by `preloadParts`. */
export function lazyPart<P extends object>(load: () => Promise<ComponentType<P>>): LazyExoticComponent<ComponentType<P>> {
  parts.add(load);
  return lazy(() => load().then((part) => ({ default: part })));
}

/** Preloads the parts of this page while the browser is idle, to have them if the server becomes unreachable. */
export function preloadParts(): void {
  const load = () => {
    // A part that fails to load is requested again on use.
    for (const part of parts) part().catch(() => {});
  };
  if ('requestIdleCallback' in globalThis) requestIdleCallback(load, { timeout: 3_000 });
  else setTimeout(load, 1_000);
}
