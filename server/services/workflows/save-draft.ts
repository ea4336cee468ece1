import type { Workflow } from '@switchyard/shared/contracts/workflows.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import type { Problem } from '@switchyard/shared/graph/problem.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { draftProblems } from './draft-problems.ts';
import { readGraph } from './read-graph.ts';
import { getWorkflowRecord, updateWorkflow, workflowView } from './workflow-record.ts';

interface SavedDraft {
  readonly draftRevision: number;
  readonly problems: Problem[];
}

/**
 * Saves the draft if it is still at `revision`. A graph with problems is saved, and its problems are returned. An invalid graph is
 * `bad-graph`. Throws `revision-conflict` with `currentDraft`, `draftRevision`, and `updatedAt` if it was saved elsewhere since.
 */
export async function saveDraft(context: ServiceContext, id: string, sent: { graph: unknown; revision: number }): Promise<SavedDraft> {
  const graph = await readGraph(sent.graph);
  const saved = await putDraft(context, id, graph, sent.revision);
  return { draftRevision: saved.draftRevision, problems: await draftProblems(context, id, graph) };
}

/** Replaces the draft at `revision` by this graph. Throws `revision-conflict`, `not-found`. */
export async function putDraft(context: ServiceContext, id: string, graph: Graph, revision: number): Promise<Workflow> {
  const saved = await updateWorkflow(
    context,
    id,
    { draft: graph, draftRevision: revision + 1, updatedAt: timestamp(context) },
    { equal: { draftRevision: revision, deletedAt: null } },
  );
  if (saved) {
    context.changed.draft(context.workspaceId, { workflowId: id, draftRevision: saved.draftRevision });
    return workflowView(saved);
  }
  const current = await getWorkflowRecord(context, id);
  throw new AppError('revision-conflict', `“${current.name}” was saved elsewhere since you opened it. Choose which version to keep. Nothing is lost.`, {
    place: { workflowId: id },
    details: { currentDraft: current.draft, draftRevision: current.draftRevision, updatedAt: current.updatedAt },
  });
}

/** All problems of the draft, or of the given graph instead. */
export async function checkWorkflow(context: ServiceContext, id: string, sent?: unknown): Promise<{ problems: Problem[] }> {
  const record = await getWorkflowRecord(context, id);
  return { problems: await draftProblems(context, id, sent === undefined ? record.draft : await readGraph(sent)) };
}
