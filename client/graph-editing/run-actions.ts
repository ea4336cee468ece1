import { filesToSend } from './chosen-files.ts';
import type { RunActions } from './editor-state.ts';
import type { ActionParts } from './editor-tools.ts';
import { startNode } from './samples.ts';

/** Runs, publishing, and the workflow’s name. */
export function runActions({ set, get, tools }: Pick<ActionParts, 'set' | 'get' | 'tools'>): RunActions {
  const showRun: RunActions['showRun'] = (id, graph = get().graph) => set({ activeRunId: id, lastRun: { id, graph } });
  return {
    async startRun(input, part = {}) {
      await get().saveNow();
      const { workflowId, graph } = get();
      // Part of a run without an input continues with the data of the last one.
      const files = input === undefined && (part.from ?? part.only) !== undefined ? [] : filesToSend(workflowId, startNode(graph)?.data.params.schema);
      const runId = await tools.server.startRun(workflowId, input, part, files);
      showRun(runId);
      set({ announcement: 'Run started' });
      return runId;
    },
    async stopRun() {
      const { activeRunId } = get();
      if (activeRunId) await tools.server.cancelRun(activeRunId);
    },
    showRun,
    clearRun: () => set({ activeRunId: null }),
    async publish(publishing = {}) {
      await get().saveNow();
      const published = await tools.server.publish(get().workflowId, publishing);
      const { number, live } = published;
      set({ liveVersion: live, nextVersion: number + 1, announcement: live === number ? `Version ${number} is live` : `Version ${number} is published` });
      return published;
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
