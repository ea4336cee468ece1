import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Preset, PulledPort } from '../../graph-editing/operations/add-node.ts';
import type { Point } from '../../graph-editing/operations/geometry.ts';

/** A palette at a place of the canvas. The picked node is connected to a port, inserted into an edge, or placed there. */
export type Adding = { readonly screen: Point; readonly flow: Point } & (
  | { readonly kind: 'port'; readonly fromPort: PulledPort }
  | { readonly kind: 'edge'; readonly edgeId: string }
  | { readonly kind: 'place' }
);

/** What a context menu is about. */
export type MenuSubject =
  | { readonly kind: 'node'; readonly id: string }
  | { readonly kind: 'edge'; readonly id: string; readonly flow: Point }
  | { readonly kind: 'selection' }
  | { readonly kind: 'canvas'; readonly flow: Point };

/** Nodes that match a search, best first, and the one it is at. */
export interface Found {
  readonly ids: readonly string[];
  readonly current: string | undefined;
}

/** An open context menu. */
export interface OpenMenu {
  readonly screen: Point;
  readonly subject: MenuSubject;
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
  readonly adding: Adding | null;
  readonly menu: OpenMenu | null;
  /** The group whose title is being edited. */
  readonly renaming: string | null;
  /** The clipboard text that was copied here last. */
  readonly copied: string | null;
  readonly dragged: DraggedNode | null;
  /** The edge that a dragged node would be inserted into. */
  readonly dropEdgeId: string | null;
  /** The node whose connections are being edited from a list. */
  readonly connectFrom: string | null;
  readonly panning: boolean;
  /** Whether the canvas is zoomed out so far that cards are plain boxes. */
  readonly far: boolean;
  readonly keysShown: boolean;
  /** Whether the search for nodes is open. */
  readonly finding: boolean;
  /** What the search found. Null without a search. */
  readonly found: Found | null;
  /** The node whose output preview is open. */
  readonly preview: string | null;
  /** The nodes about to be moved into a sub-workflow. Setting it opens the dialog. */
  readonly subWorkflowOf: readonly string[] | null;
}

export type CanvasUiStore = StoreApi<CanvasUi>;

export const createCanvasUi = (): CanvasUiStore =>
  createStore<CanvasUi>(() => ({
    paletteOpen: false,
    adding: null,
    menu: null,
    renaming: null,
    copied: null,
    dragged: null,
    dropEdgeId: null,
    connectFrom: null,
    panning: false,
    far: false,
    keysShown: false,
    finding: false,
    found: null,
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
