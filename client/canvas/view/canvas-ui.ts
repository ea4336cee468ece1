import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Preset, PulledPort } from '../../graph-editing/operations/add-node.ts';
import type { Point } from '../../graph-editing/operations/geometry.ts';

/** An edge dropped on empty canvas. A second palette opens there, and the picked node is connected to the edge. */
export interface DroppedEdge {
  readonly screen: Point;
  readonly flow: Point;
  readonly fromPort: PulledPort;
}

/** A node being dragged from the palette. */
export interface DraggedNode {
  readonly type: string;
  readonly preset?: Preset | undefined;
  /** Pointer position in the window. */
  readonly x: number;
  readonly y: number;
  readonly overCanvas: boolean;
}

export interface CanvasUi {
  /** Whether the palette on the left is open. */
  readonly paletteOpen: boolean;
  readonly droppedEdge: DroppedEdge | null;
  readonly dragged: DraggedNode | null;
  /** The edge that a dragged node would be inserted into. */
  readonly dropEdgeId: string | null;
  /** The node whose connections are being edited from a list. */
  readonly connectFrom: string | null;
  readonly panning: boolean;
  readonly keysShown: boolean;
  /** The node whose output preview is open. */
  readonly preview: string | null;
  /** The nodes about to be moved into a sub-workflow. Setting it opens the dialog. */
  readonly subWorkflowOf: readonly string[] | null;
}

export type CanvasUiStore = StoreApi<CanvasUi>;

export const createCanvasUi = (): CanvasUiStore =>
  createStore<CanvasUi>(() => ({
    paletteOpen: false,
    droppedEdge: null,
    dragged: null,
    dropEdgeId: null,
    connectFrom: null,
    panning: false,
    keysShown: false,
    preview: null,
    subWorkflowOf: null,
  }));

export const CanvasUiContext = createContext<CanvasUiStore | null>(null);

/** The store of open panels and drags on the canvas. */
export function useCanvasUiApi(): CanvasUiStore {
  const store = useContext(CanvasUiContext);
  if (!store) throw new Error('useCanvasUi is used outside a canvas');
  return store;
}
export const useCanvasUi = <T>(selector: (ui: CanvasUi) => T): T => useStore(useCanvasUiApi(), selector);
