import { createContext, useContext } from 'react';

/** How a node or an edge differs from another version of the graph. */
export interface GraphMark {
  readonly kind: 'added' | 'removed' | 'changed' | 'moved';
  /** The label on the card or the edge: “Changed 2”. */
  readonly words: string;
}

/** Marks of a comparison, by the ID of the node or edge. */
export const GraphMarks = createContext<ReadonlyMap<string, GraphMark> | null>(null);

/** The mark of a node or an edge. Undefined if nothing is compared, or it is the same. */
export const useGraphMark = (id: string): GraphMark | undefined => useContext(GraphMarks)?.get(id);
