import { definitionOf } from '@switchyard/nodes/catalog.ts';
import { checkGraph } from '@switchyard/shared/graph/check.ts';
import type { Graph, GraphNode } from '@switchyard/shared/graph/graph.ts';
import { renameKey } from '@switchyard/shared/graph/rename-key.ts';
import type { SaveOutcome, ServerDraft } from './autosave.ts';
import { createEditor } from './create-editor.ts';
import type { EditorTools, UndoHistory } from './editor-tools.ts';
import type { LocalDraft } from './local-draft.ts';

export const node = (key: string, type: string, params: Record<string, unknown>, x = 0): GraphNode => ({
  id: key,
  type,
  position: { x, y: 0 },
  data: { key, title: key, typeVersion: 1, params },
});
export const edge = (source: string, target: string) => ({ id: `${source}-${target}`, source, target, sourceHandle: 'out', targetHandle: 'in' });

export const prompt = (message: string) => ({ route: 'fast', message });
export const small = (): Graph => ({
  nodes: [
    node('start', 'input', definitionOf('input')?.defaults as Record<string, unknown>),
    node('draft', 'prompt', prompt('{{ input.message }}'), 300),
    node('reply', 'output', { value: '{{ steps.draft.text }}' }, 600),
  ],
  edges: [edge('start', 'draft'), edge('draft', 'reply')],
});

interface Given {
  readonly kept?: LocalDraft;
  readonly remembered?: UndoHistory;
  readonly check?: EditorTools['check'];
  readonly save?: () => Promise<SaveOutcome>;
  readonly load?: () => ServerDraft;
}

/** An editor of `small` with fake tools: time, timers, and ends of runs come from the test. */
export function open(graph = small(), more: Given = {}) {
  let now = 0;
  let runs = 0;
  const ended = new Set<string>();
  const waiting = new Map<string, () => void>();
  let timers: (() => void)[] = [];
  const tools: EditorTools = {
    definitions: definitionOf,
    check: more.check ?? checkGraph,
    renameKey,
    server: {
      saveDraft: more.save ?? (async (_, __, revision) => ({ kind: 'saved', revision: revision + 1, problems: [] })),
      loadDraft: async () => more.load?.(),
      startRun: async () => `run_${++runs}`,
      cancelRun: async () => {},
      publish: async () => ({ number: 1, live: 1, checking: false }),
      rename: async () => {},
    },
    whenRunEnds: (runId, then) => {
      if (ended.has(runId)) then();
      else waiting.set(runId, then);
      return () => waiting.delete(runId);
    },
    drafts: { keep: () => {}, forget: () => {} },
    kept: more.kept,
    remembered: more.remembered,
    after: (_, then) => {
      timers.push(then);
      return () => {
        timers = timers.filter((other) => other !== then);
      };
    },
    now: () => now,
  };
  const { store, heardOfDraft, close } = createEditor(
    { id: 'wf', name: 'Test', draft: graph, draftRevision: 4, liveVersion: null, paused: false, updatedAt: null },
    tools,
  );
  return {
    store,
    heardOfDraft,
    close,
    /** Runs whose end the editor waits for. */
    waiting: () => [...waiting.keys()],
    endRun: (runId: string) => {
      ended.add(runId);
      waiting.get(runId)?.();
      waiting.delete(runId);
    },
    state: () => store.getState(),
    steps: () => store.temporal.getState().pastStates.length,
    wait: (ms: number) => {
      now += ms;
    },
    runTimers: () => {
      for (const timer of timers.splice(0)) timer();
    },
  };
}
