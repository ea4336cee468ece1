import type { RunActions, RunRef } from './editor-state.ts';
import type { ActionParts } from './editor-tools.ts';

/** Runs, publishing, and the workflow’s name. */
export function runActions({ set, get, tools }: Pick<ActionParts, 'set' | 'get' | 'tools'>): RunActions {
  const watch = (run: RunRef) => set({ activeRunId: run.id, lastRun: run, ranGraph: get().graph });
  return {
    async startRun(input) {
      await get().saveNow();
      const run = await tools.server.startRun(get().workflowId, input);
      watch(run);
      set({ announcement: 'Run started' });
      return run.id;
    },
    async stopRun() {
      const { activeRunId } = get();
      if (activeRunId) await tools.server.cancelRun(activeRunId);
    },
    watchRun: watch,
    noteRun(run) {
      const { lastRun } = get();
      if (lastRun?.id === run.id) set({ lastRun: { ...lastRun, ...run } });
    },
    clearRun: () => set({ activeRunId: null }),
    async publish(note) {
      await get().saveNow();
      const number = await tools.server.publish(get().workflowId, note);
      set({ liveVersion: number, nextVersion: number + 1, announcement: `Version ${number} is live` });
      return number;
    },
    async rename(name) {
      const before = get().name;
      if (name.trim() === '' || name === before) return;
      set({ name });
      try {
        await tools.server.rename(get().workflowId, name);
      } catch (thrown) {
        set({ name: before });
        throw thrown;
      }
    },
    setPaused: (paused) => set({ paused }),
  };
}
