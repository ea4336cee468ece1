import type { EditorStore } from './editor-state.ts';

const BURST_MS = 1_000;

/** Undo in the terms of gestures: changes of one burst are one step. */
export interface History {
  /** Makes a change; it joins the step before when that was of the same burst and less than a second ago. */
  burst(name: string | undefined, change: () => void): void;
  undo(): void;
  redo(): void;
}

/** The history of a store. The store is asked for when it is used, since its actions are made before it is. */
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
