import { definitionOf } from '@switchyard/nodes/catalog.ts';
import { getRelease } from '@switchyard/shared/contracts/evaluation/releases.ts';
import { cancelRun, startRun } from '@switchyard/shared/contracts/runs.ts';
import { getWorkflow, publishWorkflow, saveDraft, updateWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { checkGraph } from '@switchyard/shared/graph/check.ts';
import { type Graph, graphSchema } from '@switchyard/shared/graph/graph.ts';
import type { NodeCatalog } from '@switchyard/shared/graph/node-kind.ts';
import { renameKey } from '@switchyard/shared/graph/rename-key.ts';
import { ApiError } from '../api/api-error.ts';
import { call, callWithFiles } from '../api/call.ts';
import { seedRun, whenRunEnds } from '../live/watch-run.ts';
import { watchDraft } from '../live/workflow-runs.ts';
import { flushTyping } from '../ui/typing.ts';
import type { SaveOutcome } from './autosave.ts';
import { createEditor, type Editor, historyNow } from './create-editor.ts';
import { openDraftStorage } from './draft-storage.ts';
import type { EditorServer, OpenWorkflow, UndoHistory } from './editor-tools.ts';
import { draftKeeper, tabId } from './local-draft.ts';
import { newId } from './operations/node-names.ts';

/** A save that takes longer counts as lost and is retried. */
const SAVE_LIMIT_MS = 20_000;

const server: EditorServer = {
  async saveDraft(id, graph, revision) {
    try {
      const reply = await call(saveDraft, { params: { id }, body: { graph, revision }, signal: AbortSignal.timeout(SAVE_LIMIT_MS) });
      return { kind: 'saved', revision: reply.draftRevision, problems: reply.problems };
    } catch (thrown) {
      return saveFailure(thrown);
    }
  },
  async loadDraft(id) {
    try {
      const { draft, draftRevision, updatedAt } = await call(getWorkflow, { params: { id } });
      flushTyping();
      return { graph: draft, revision: draftRevision, updatedAt };
    } catch {
      return undefined;
    }
  },
  async startRun(id, input, part, files) {
    const run = await callWithFiles(startRun, { params: { id }, body: { version: 'draft', ...part, ...(input !== undefined && { input }) }, files });
    seedRun(run);
    return run.id;
  },
  async cancelRun(id) {
    await call(cancelRun, { params: { id } });
  },
  async publish(id, { note, release }) {
    const { number, checking } = await call(publishWorkflow, { params: { id }, body: { ...(note && { note }), ...(release !== undefined && { release }) } });
    const { stable } = await call(getRelease, { params: { id } });
    return { number, live: stable, checking };
  },
  async rename(id, name) {
    await call(updateWorkflow, { params: { id }, body: { name } });
  },
};

/** What a failed save means for the draft: conflict, retry, or rejection. */
export function saveFailure(thrown: unknown): SaveOutcome {
  if (!(thrown instanceof ApiError) || thrown.code === 'offline' || thrown.status >= 500 || thrown.status === 429) return { kind: 'offline' };
  if (thrown.code !== 'revision-conflict') return { kind: 'refused', message: thrown.message };
  const theirs = graphSchema.safeParse(thrown.details.currentDraft);
  const { draftRevision, updatedAt } = thrown.details;
  if (!theirs.success || typeof draftRevision !== 'number') return { kind: 'refused', message: thrown.message };
  return { kind: 'conflict', theirs: theirs.data, revision: draftRevision, updatedAt: typeof updatedAt === 'string' ? updatedAt : null };
}

const after = (ms: number, then: () => void): (() => void) => {
  const timer = setTimeout(then, ms);
  return () => clearTimeout(timer);
};

const tools = {
  definitions: definitionOf,
  check: (graph: Graph, catalog: NodeCatalog) => checkGraph(graph, catalog),
  renameKey,
  server,
  whenRunEnds,
  after,
  now: Date.now,
};

/** Opens a workflow read-only. */
export const openReadOnly = (workflow: OpenWorkflow): Editor =>
  createEditor({ ...workflow, readOnly: true }, { ...tools, drafts: { keep: () => {}, forget: () => {} }, kept: undefined });

/** Undo histories of workflows edited on this page, most recently used last. */
const histories = new Map<string, UndoHistory>();
const MAX_HISTORIES = 10;

function rememberHistory(workflowId: string, history: UndoHistory): void {
  histories.delete(workflowId);
  histories.set(workflowId, history);
  for (const id of [...histories.keys()].slice(0, -MAX_HISTORIES)) histories.delete(id);
}

/** Opens a workflow with everything an editor on this page needs, and restores what this browser stored of it. */
export async function openEditor(workflow: OpenWorkflow): Promise<Editor> {
  const tab = tabId(sessionStorage, () => newId('tab'));
  const drafts = draftKeeper({ storage: openDraftStorage(indexedDB, localStorage), workflowId: workflow.id, tabId: tab, now: Date.now, after });
  const editor = createEditor(workflow, { ...tools, drafts, kept: await drafts.recover(), remembered: histories.get(workflow.id) });
  const stopHiding = onHide(() => {
    flushTyping();
    drafts.flush();
  });
  const stopWatching = watchDraft(workflow.id, editor.heardOfDraft);
  return {
    ...editor,
    close: () => {
      stopHiding();
      stopWatching();
      flushTyping();
      rememberHistory(workflow.id, historyNow(editor.store));
      editor.close();
      drafts.flush();
    },
  };
}

/** Calls back whenever the page may be about to close. Returns a function that stops it. */
function onHide(then: () => void): () => void {
  addEventListener('pagehide', then);
  document.addEventListener('visibilitychange', then);
  return () => {
    removeEventListener('pagehide', then);
    document.removeEventListener('visibilitychange', then);
  };
}
