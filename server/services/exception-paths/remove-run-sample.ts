import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { graphs, type RunRecord, workflows } from '../../store/collections.ts';
import { exceptionCases } from '../../store/evaluation/exception-collections.ts';
import type { Page, WorkspaceStore } from '../../store/port.ts';
import { canonicalJson } from '../workflows/content-hash.ts';

/*
 * Removes the samples that were made of a run’s input because its case was different (S66a): from the draft, and from graphs that were frozen
 * since. A frozen graph keeps its hash, as a journal without payloads does: samples don’t change how it runs.
 */

const PAGE = 50;

/** Does nothing without a sample. Repeating it changes nothing. */
export async function removeRunSample(store: WorkspaceStore, { workflowId, triggerData }: RunRecord, reviewId: string): Promise<void> {
  const marked = await store.get(exceptionCases, reviewId);
  if (!marked?.sample) return;
  const without = withoutSample(marked.sample, canonicalJson(triggerData.body ?? null));
  await removeFromDraft(store, workflowId, without);
  let cursor: string | null = null;
  do {
    const page: Page<{ id: string; graph: Graph; createdAt: string }> = await store.find(graphs, { limit: PAGE, ...(cursor !== null && { cursor }) });
    for (const { id, graph, createdAt } of page.items) {
      const left = createdAt < marked.at ? graph : without(graph);
      if (left !== graph) await store.update(graphs, id, { graph: left });
    }
    cursor = page.nextCursor;
  } while (cursor !== null);
  await store.update(exceptionCases, reviewId, { sample: null });
}

type Without = (graph: Graph) => Graph;

async function removeFromDraft(store: WorkspaceStore, workflowId: string, without: Without): Promise<void> {
  for (;;) {
    const workflow = await store.get(workflows, workflowId);
    const draft = workflow && without(workflow.draft);
    if (!workflow || !draft || draft === workflow.draft) return;
    const { draftRevision } = workflow;
    if (await store.update(workflows, workflowId, { draft, draftRevision: draftRevision + 1 }, { equal: { draftRevision } })) return;
  }
}

/** The same graph if it has no sample with this name and value. Others may have the name, or were given another value. */
const withoutSample =
  (name: string, value: string): Without =>
  (graph) => {
    let isFound = false;
    const nodes = graph.nodes.map((node) => {
      const { samples } = node.data.params;
      if (!Array.isArray(samples)) return node;
      const kept = samples.filter((one: unknown) => !(isPlainObject(one) && one.name === name && canonicalJson(one.value ?? null) === value));
      isFound ||= kept.length < samples.length;
      return kept.length < samples.length ? { ...node, data: { ...node.data, params: { ...node.data.params, samples: kept } } } : node;
    });
    return isFound ? { ...graph, nodes } : graph;
  };
