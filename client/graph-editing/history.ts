import type { EditorStore } from './editor-state.ts';

const BURST_MS = 1_000;

/** Undo by gesture: the changes of one burst are one step. */
export interface History {
  /** Makes a change. It joins the previous step if that belongs to the same burst and is less than a second old. */
  burst(name: string | undefined, change: () => void): void;
  undo(): void;
  redo(): void;
}

/** The history of a store. `store` is called lazily, since the store’s actions are created before it. */
export function historyOf(store: () => EditorStore, now: () => number): History {
  let last: { name: string; at: number; depth: number } | undefined;
  const depth = () => store().temporal.getState().pastStates.length;
  return {
    burst(name, change) {
      const { pause, resume } = store().temporal.getState();
      const goesOn = name !== undefined && last?.name === name && now() - last.at < BURST_MS && last.depth === depth() && depth() > 0;
      if (goesOn) pause();
      change();
      if (goesOn) resume();
      last = name === undefined ? undefined : { name, at: now(), depth: depth() };
    },
    undo() {
      last = undefined;
      store().temporal.getState().undo();
    },
    redo() {
      last = undefined;
      store().temporal.getState().redo();
    },
  };
}
