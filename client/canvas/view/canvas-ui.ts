import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { PulledPort } from '../../graph-editing/operations/add-node.ts';
import type { Point } from '../../graph-editing/operations/geometry.ts';

/** An edge that was dropped on empty canvas: a second palette is open there, and the node picked in it is connected. */
export interface DroppedEdge {
  readonly screen: Point;
  readonly flow: Point;
  readonly fromPort: PulledPort;
}

/** A step that is being dragged out of the palette. */
export interface Ghost {
  readonly type: string;
  /** Of the pointer, in the window. */
  readonly x: number;
  readonly y: number;
  readonly overCanvas: boolean;
}

export interface CanvasUi {
  /** Whether the palette at the left is open. */
  readonly paletteOpen: boolean;
  readonly droppedEdge: DroppedEdge | null;
  readonly ghost: Ghost | null;
  /** The wire that a dragged step would be put into. */
  readonly dropEdgeId: string | null;
  /** The node for which a target is being picked from a list. */
  readonly connectFrom: string | null;
  readonly panning: boolean;
  readonly keysShown: boolean;
  /** Node whose result is shown beside it. */
  readonly peek: string | null;
}

export type CanvasUiStore = StoreApi<CanvasUi>;

export const createCanvasUi = (): CanvasUiStore =>
  createStore<CanvasUi>(() => ({
    paletteOpen: false,
    droppedEdge: null,
    ghost: null,
    dropEdgeId: null,
    connectFrom: null,
    panning: false,
    keysShown: false,
    peek: null,
  }));

export const CanvasUiContext = createContext<CanvasUiStore | null>(null);

/** The store of what is open and dragged on the canvas. */
export function useCanvasUiApi(): CanvasUiStore {
  const store = useContext(CanvasUiContext);
  if (!store) throw new Error('useCanvasUi is used outside a canvas');
  return store;
}
export const useCanvasUi = <T>(selector: (ui: CanvasUi) => T): T => useStore(useCanvasUiApi(), selector);
