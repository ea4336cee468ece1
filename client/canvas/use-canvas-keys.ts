import { useReactFlow } from '@xyflow/react';
import { useEffect } from 'react';
import type { EditorState } from '../graph-editing/editor-state.ts';
import { findNode } from '../graph-editing/operations/node-names.ts';
import { useEditorApi } from '../open-workflow/editor-store.ts';
import { useRunPart } from '../open-workflow/run-part.ts';
import { flushTyping } from '../ui/typing.ts';
import { type CanvasUiStore, useCanvasUiApi } from './view/canvas-ui.ts';
import { flowOrder, neighbor } from './view/flow-graph.ts';
import { type Shortcut, shortcutOf } from './view/shortcuts.ts';
import { type CanvasActions, useCanvasActions } from './view/use-canvas-actions.ts';
import { nodeElement } from './view/use-canvas-focus.ts';
import { FIT_ALL, motion } from './view/viewport.ts';

/** An empty search field has nothing to undo. */
const isEmptySearch = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement && target.role === 'combobox' && target.value === '' && target.closest('[role="dialog"]') === null;

/** The field that received input since it was last focused. */
let typedIn: EventTarget | null = null;

/** Tracks which field has edits of its own to undo. Returns a function that stops tracking. */
function watchTyping(): () => void {
  const typed = (event: Event) => {
    typedIn = event.target;
  };
  const entered = () => {
    typedIn = null;
  };
  addEventListener('input', typed, true);
  addEventListener('focusin', entered, true);
  return () => {
    removeEventListener('input', typed, true);
    removeEventListener('focusin', entered, true);
  };
}

/** Undo in a field without edits applies to the canvas, since adding a node may focus its first field. */
const hasNothingToUndo = (target: HTMLElement): boolean => target !== typedIn && target.closest('[role="dialog"], [role="menu"]') === null;

/** Whether the key belongs to a field, a menu, or a dialog instead of the canvas. */
const belongsElsewhere = (target: EventTarget | null, shortcut: Shortcut): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.closest('input, textarea, select, [role="dialog"], [role="menu"], .cm-editor') !== null) &&
  !((shortcut === 'undo' || shortcut === 'redo') && (isEmptySearch(target) || hasNothingToUndo(target)));
const isControl = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('button, a, [role="option"], [role="tab"], [role="slider"], [role="separator"]') !== null;

/** Whether the canvas has the focus: a node, an edge, or nothing on the page. A new page has the focus on its main element. */
const isOnCanvas = (target: EventTarget | null): boolean =>
  target === document.body ||
  target === document.documentElement ||
  (target instanceof Element && (target.tagName === 'MAIN' || target.closest('[data-canvas]') !== null));

/** Shortcuts without a modifier work only on the canvas: a letter typed elsewhere must not start a run. */
const NEEDS_CANVAS: ReadonlySet<Shortcut> = new Set<Shortcut>([
  'palette',
  'connect',
  'contain',
  'disable',
  'rename',
  'menu',
  'run',
  'fit',
  'open',
  'delete',
  'walk',
  'move',
]);
const ANYWHERE: ReadonlySet<Shortcut> = new Set<Shortcut>(['save']);
const CHANGING: ReadonlySet<Shortcut> = new Set<Shortcut>([
  'palette',
  'connect',
  'contain',
  'disable',
  'rename',
  'group',
  'ungroup',
  'run',
  'delete',
  'move',
  'undo',
  'redo',
  'duplicate',
  'save',
]);

/** Handles all canvas shortcuts, wherever the focus is, except in fields. */
export function useCanvasKeys(onRun: () => void): void {
  const perform = usePerform(onRun);
  const editor = useEditorApi();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const shortcut = shortcutOf(event);
      if (!shortcut || event.defaultPrevented) return;
      if (!ANYWHERE.has(shortcut) && belongsElsewhere(event.target, shortcut)) return;
      if (NEEDS_CANVAS.has(shortcut) && !isOnCanvas(event.target)) return;
      if (isControl(event.target) && (shortcut === 'open' || shortcut === 'walk' || shortcut === 'move')) return;
      if (editor.getState().readOnly && CHANGING.has(shortcut)) return;
      if (perform(shortcut, event.key)) event.preventDefault();
    };
    addEventListener('keydown', onKeyDown);
    const stopWatching = watchTyping();
    return () => {
      stopWatching();
      removeEventListener('keydown', onKeyDown);
    };
  }, [perform, editor]);
}

/** Performs a shortcut. Returns false if there was nothing to do, which leaves the key to the browser. */
function usePerform(onRun: () => void): (shortcut: Shortcut, key: string) => boolean {
  const editor = useEditorApi();
  const ui = useCanvasUiApi();
  const flow = useReactFlow();
  const canvas = useCanvasActions();
  const runPart = useRunPart();
  return (shortcut, key) => {
    flushTyping();
    const state = editor.getState();
    const selected = (state.selection.nodes.length === 1 ? state.selection.nodes[0] : undefined) ?? focusedNode();
    const only = selected && findNode(state.graph, selected)?.data.key;
    const actions: Record<Shortcut, () => unknown> = {
      ...nodeKeys({ state, ui, canvas, selected, key }),
      run: onRun,
      'run-node': () => only !== undefined && runPart({ only }),
      fit: () => flow.fitView({ ...FIT_ALL, duration: motion(140) }),
      palette: () => ui.setState({ paletteOpen: true }),
      undo: state.undo,
      redo: state.redo,
      'select-all': state.selectAll,
      save: () => void state.saveNow().then((saved) => state.announce(saved ? 'Saved' : 'Unsaved changes')),
      keys: () => ui.setState({ keysShown: true }),
      find: () => ui.setState({ finding: true }),
      close: () => {
        if (ui.getState().adding) ui.setState({ adding: null });
        else if (ui.getState().finding) ui.setState({ finding: false });
        else if (ui.getState().paletteOpen) ui.setState({ paletteOpen: false });
        else if (state.panel) state.openPanel(null);
        else state.select([]);
      },
    };
    return actions[shortcut]() !== false;
  };
}

interface OnNodes {
  readonly state: EditorState;
  readonly ui: CanvasUiStore;
  readonly canvas: CanvasActions;
  /** The selected node if it is the only one, or else the focused one. */
  readonly selected: string | undefined;
  readonly key: string;
}

type NodeShortcut = 'connect' | 'contain' | 'open' | 'rename' | 'delete' | 'duplicate' | 'disable' | 'group' | 'ungroup' | 'menu' | 'walk' | 'move';

/** Shortcuts about the selected nodes, or the focused one: Escape clears the selection, but the focused node still looks selected. */
function nodeKeys({ state, ui, canvas, selected, key }: OnNodes): Record<NodeShortcut, () => unknown> {
  const takeUp = () => {
    if (selected && state.selection.nodes.length + state.selection.edges.length === 0) state.select([selected]);
  };
  const onTaken = (action: () => unknown) => () => {
    takeUp();
    return action();
  };
  return {
    connect: () => selected !== undefined && ui.setState({ connectFrom: selected }),
    contain: onTaken(() => {
      if (!state.moveIntoContainer()) state.announce('No container or group to move into');
    }),
    open: () => selected !== undefined && canvas.open(selected),
    rename: () => selected !== undefined && canvas.rename(selected),
    delete: onTaken(state.deleteSelection),
    duplicate: onTaken(state.duplicateSelection),
    disable: onTaken(state.toggleDisabled),
    group: onTaken(canvas.group),
    ungroup: onTaken(state.ungroup),
    menu: onTaken(canvas.openMenu),
    walk: () => {
      const next = selected ? neighbor(state.graph, selected, key) : flowOrder(state.graph)[0];
      if (!next) return;
      state.select([next]);
      nodeElement(next)?.focus({ preventScroll: true });
    },
    move: onTaken(() => (selected === undefined && state.selection.nodes.length === 0 ? false : state.nudge(DIRECTIONS[key] ?? HERE))),
  };
}

/** The node that has the keyboard focus. */
const focusedNode = (): string | undefined => document.activeElement?.closest<HTMLElement>('.react-flow__node')?.dataset.id;

/** One cell of the dot grid. */
const STEP = 20;
const HERE = { x: 0, y: 0 };
const DIRECTIONS: Readonly<Record<string, { x: number; y: number }>> = {
  ArrowLeft: { x: -STEP, y: 0 },
  ArrowRight: { x: STEP, y: 0 },
  ArrowUp: { x: 0, y: -STEP },
  ArrowDown: { x: 0, y: STEP },
};
