import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Point, PulledPort } from '../../graph-editing/operations/add-node.ts';

/** The palette: docked at the left, or afloat where a wire was dropped. */
export type PaletteState =
  | { readonly kind: 'closed' }
  | { readonly kind: 'docked' }
  | { readonly kind: 'afloat'; readonly screen: Point; readonly flow: Point; readonly fromPort: PulledPort };

/** A step that is being dragged out of the palette. */
export interface Ghost {
  readonly type: string;
  /** Of the pointer, in the window. */
  readonly x: number;
  readonly y: number;
  readonly overCanvas: boolean;
}

export interface CanvasUi {
  readonly palette: PaletteState;
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
    palette: { kind: 'closed' },
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
