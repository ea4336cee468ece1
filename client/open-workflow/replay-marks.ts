import type { Mark } from '@switchyard/shared/contracts/evaluation/replays.ts';
import { createContext, useContext } from 'react';

/** How the runs of a replay went through a node. */
export interface NodeReplay {
  readonly before: number;
  readonly after: number;
  /** The runs in which it differs, by how. */
  readonly marks: readonly { readonly mark: Mark; readonly runs: number }[];
}

export interface ReplayMarks {
  /** By node ID. */
  readonly nodes: ReadonlyMap<string, NodeReplay>;
  /** How many more or fewer runs take an edge, by edge ID. */
  readonly edges: ReadonlyMap<string, number>;
}

/** The replay that is drawn on the canvas, if any. */
export const ReplayMarksContext = createContext<ReplayMarks | null>(null);

export const useNodeReplay = (nodeId: string): NodeReplay | undefined => useContext(ReplayMarksContext)?.nodes.get(nodeId);
export const useEdgeGain = (edgeId: string): number => useContext(ReplayMarksContext)?.edges.get(edgeId) ?? 0;
