import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SamplePaths } from './sample-paths.ts';

export interface ShownPaths {
  readonly paths: SamplePaths | null;
}

/** The paths of all samples that are drawn on the canvas, if any. */
export const SamplePathsContext = createContext<StoreApi<ShownPaths>>(createStore<ShownPaths>(() => ({ paths: null })));

/** How many samples went through a node, of how many. Undefined if no samples are shown. */
export const useNodeSamples = (nodeId: string) =>
  useStore(
    useContext(SamplePathsContext),
    useShallow(({ paths }) => {
      const node = paths?.nodes.get(nodeId);
      return node && paths ? { ...node, total: paths.total } : undefined;
    }),
  );

/** How many samples took an edge. Undefined if no samples are shown. */
export const useEdgeSamples = (edgeId: string): number | undefined => useStore(useContext(SamplePathsContext), ({ paths }) => paths?.edges.get(edgeId));
