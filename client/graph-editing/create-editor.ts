import type { Graph } from '@switchyard/shared/graph/graph.ts';
import type { Problem } from '@switchyard/shared/graph/problem.ts';
import { sameJson } from '@switchyard/shared/same-json.ts';
import { temporal } from 'zundo';
import { createStore } from 'zustand/vanilla';
import { type Autosave, createAutosave } from './autosave.ts';
import { canvasActions } from './canvas-actions.ts';
import { changedSince } from './changed-since.ts';
import type { EditorData, EditorState, EditorStore, Remembered, Selection } from './editor-state.ts';
import type { EditorTools, OpenWorkflow, UndoHistory } from './editor-tools.ts';
import { fieldActions } from './field-actions.ts';
import { historyOf } from './history.ts';
import { shareProblems } from './problem-lists.ts';
import { runActions } from './run-actions.ts';

/** An open editor: its store, and a function to close it. */
export interface Editor {
  readonly store: EditorStore;
  /** A draft of this revision was saved, possibly elsewhere. */
  heardOfDraft(revision: number | 'unknown'): void;
  close(): void;
}

const CHECK_MS = 150;
/** Maximum share of time spent on checks. Large workflows are checked less often. */
const CHECK_SHARE = 0.05;
const MAX_CHECK_MS = 4_000;
const UNDO_STEPS = 200;

/** Opens a workflow for editing and restores a draft stored in this browser. */
export function createEditor(open: OpenWorkflow, tools: EditorTools): Editor {
  // Assigned right below. Actions use it only after the store exists.
  const late: { autosave?: Autosave } = {};
  const store: EditorStore = createStore<EditorState>()(
    temporal(
      (set, get) => ({
        ...initialData(open),
        ...canvasActions({ set, get, tools, history: historyOf(() => store, tools.now) }),
        ...fieldActions({ set, get, tools, history: historyOf(() => store, tools.now) }),
        ...runActions({ set, get, tools }),
        saveNow: async () => (await late.autosave?.flush()) ?? true,
        keepMine: () => late.autosave?.keepMine(),
        takeTheirs: () => {
          const theirs = get().conflict?.theirs;
          if (!theirs) return;
          set({ graph: theirs, selection: { nodes: [], edges: [] } });
          late.autosave?.takeTheirs(theirs);
        },
      }),
      { partialize: ({ graph }): Remembered => ({ graph }), equality: (before, after) => before.graph === after.graph, limit: UNDO_STEPS },
    ),
  );
  if (open.readOnly) return { store, heardOfDraft: () => {}, close: () => {} };
  const checks = checksOf(store, tools);
  checks.now();
  const autosave = autosaveOf(store, checks, open, tools);
  late.autosave = autosave;
  const stops = [watchChanges(store, tools), watchGraph(store, autosave, checks)];
  if (tools.remembered && sameJson(tools.remembered.graph, open.draft)) recallHistory(store, tools.remembered);
  recoverLocal(store, autosave, open, tools);
  return {
    store,
    heardOfDraft: autosave.heard.bind(autosave),
    close: () => {
      for (const stop of stops) stop();
      void autosave.flush();
      autosave.dispose();
    },
  };
}

const initialData = (open: OpenWorkflow): EditorData => ({
  workflowId: open.id,
  name: open.name,
  graph: open.draft,
  selection: { nodes: [], edges: [] },
  problems: [],
  saveState: 'saved',
  saveError: null,
  retryAt: null,
  conflict: null,
  revision: open.draftRevision,
  liveVersion: open.liveVersion,
  nextVersion: Math.max(open.latestVersion ?? 0, open.liveVersion ?? 0) + 1,
  paused: open.paused,
  activeRunId: null,
  lastRun: null,
  changedSince: null,
  panel: null,
  readOnly: open.readOnly ?? false,
  reveal: null,
  announcement: '',
});

function autosaveOf(store: EditorStore, checks: Checks, open: OpenWorkflow, tools: EditorTools): Autosave {
  return createAutosave(
    {
      save: (graph, revision) => tools.server.saveDraft(open.id, graph, revision),
      keep: tools.drafts.keep,
      forget: tools.drafts.forget,
      load: () => tools.server.loadDraft(open.id),
      adopt: (graph) => store.setState({ graph, selection: within(graph, store.getState().selection), announcement: 'Updated with changes from another tab' }),
      report: (report) => store.setState(report),
      problems: checks.found,
      after: tools.after,
      now: tools.now,
    },
    { graph: open.draft, revision: open.draftRevision },
  );
}

/** Reuses the objects of known problems, and the list if nothing changed, to avoid rendering. */
function setProblems(store: EditorStore, found: readonly Problem[]): void {
  const { problems } = store.getState();
  const shared = shareProblems(problems, found);
  if (shared !== problems) store.setState({ problems: shared });
}

const within = (graph: Graph, { nodes, edges }: Selection): Selection => ({
  nodes: nodes.filter((id) => graph.nodes.some((node) => node.id === id)),
  edges: edges.filter((id) => graph.edges.some((edge) => edge.id === id)),
});

/** Tracks which nodes changed since the displayed run. Once ended, it stays on the canvas, marked as the last run if the graph changed. */
function watchChanges(store: EditorStore, tools: EditorTools): () => void {
  let endedId: string | null = null;
  let stopWaiting = () => {};
  const track = () => {
    const { activeRunId, lastRun, graph, changedSince: shown } = store.getState();
    const ran = activeRunId !== null && activeRunId === endedId ? lastRun?.graph : null;
    const changes = ran ? (changedSince(ran, graph, tools) ?? null) : null;
    if (!sameJson(changes, shown)) store.setState({ changedSince: changes });
  };
  const waitForEnd = (runId: string | null) => {
    stopWaiting();
    endedId = null;
    stopWaiting =
      runId === null
        ? () => {}
        : tools.whenRunEnds(runId, () => {
            endedId = runId;
            track();
          });
  };
  const unsubscribe = store.subscribe((state, before) => {
    if (state.activeRunId !== before.activeRunId) waitForEnd(state.activeRunId);
    if (state.graph !== before.graph || state.lastRun !== before.lastRun || state.activeRunId !== before.activeRunId) track();
  });
  return () => {
    unsubscribe();
    stopWaiting();
  };
}

type Checks = ReturnType<typeof checksOf>;

/** Checks the graph a moment after it changed, unless the server has sent its problems by then. */
function checksOf(store: EditorStore, tools: EditorTools) {
  let stop = () => {};
  let wait = CHECK_MS;
  const now = () => {
    const began = tools.now();
    setProblems(store, tools.check(store.getState().graph, tools.definitions));
    wait = Math.min(MAX_CHECK_MS, Math.max(CHECK_MS, (tools.now() - began) / CHECK_SHARE));
  };
  return {
    now,
    soon() {
      stop();
      stop = tools.after(wait, now);
    },
    /** Takes the problems that the server found in a graph. */
    found(problems: readonly Problem[], graph: Graph) {
      if (store.getState().graph !== graph) return;
      stop();
      setProblems(store, problems);
    },
    stop: () => stop(),
  };
}

/** Saves every change of the graph and checks it a moment later. */
function watchGraph(store: EditorStore, autosave: Autosave, checks: Checks): () => void {
  const unsubscribe = store.subscribe((state, before) => {
    if (state.graph === before.graph) return;
    autosave.changed(state.graph);
    checks.soon();
  });
  return () => {
    unsubscribe();
    checks.stop();
  };
}

/** The undo history of the current graph. */
export function historyNow(store: EditorStore): UndoHistory {
  const { pastStates, futureStates } = store.temporal.getState();
  return { graph: store.getState().graph, past: pastStates, future: futureStates };
}

const recallHistory = (store: EditorStore, { past, future }: UndoHistory): void =>
  store.temporal.setState({ pastStates: [...past], futureStates: [...future] });

function recoverLocal(store: EditorStore, autosave: Autosave, open: OpenWorkflow, tools: EditorTools): void {
  const { kept } = tools;
  if (!kept) return;
  if (sameJson(kept.graph, open.draft)) {
    tools.drafts.forget();
    return;
  }
  // Set first: undo then leads back to the server’s draft.
  if (kept.revision === open.draftRevision) {
    store.setState({ graph: kept.graph });
    return;
  }
  autosave.startInConflict(kept.graph, { theirs: open.draft, revision: open.draftRevision, updatedAt: open.updatedAt });
  store.setState({ graph: kept.graph });
}
