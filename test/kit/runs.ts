import { getRun, listRunEvents, listRuns, type Run, type RunStep, type RunSummary, startRun } from '@switchyard/shared/contracts/runs.ts';
import { createWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import type { TestApi } from './api.ts';
import { until } from './until.ts';

/** Creates a workflow with this graph. Returns its ID. */
export async function workflowOf(api: TestApi, graph: Graph): Promise<string> {
  return (await api.call(createWorkflow, { body: { name: 'A workflow', graph } })).id;
}

/** Starts a run of the draft with this message. */
export const begin = (api: TestApi, workflowId: string, message = 'Hello'): Promise<Run> =>
  api.call(startRun, { params: { id: workflowId }, body: { input: { message } } });

/** A run of this graph, to its end. */
export async function runOf(api: TestApi, graph: Graph, message = 'Hello'): Promise<Run> {
  return ended(api, (await begin(api, await workflowOf(api, graph), message)).id);
}

export const readRun = (api: TestApi, id: string): Promise<Run> => api.call(getRun, { params: { id } });

/** The run, once it matches `wanted`. */
export const whenRun = (api: TestApi, id: string, what: string, wanted: (run: Run) => boolean): Promise<Run> =>
  until(`run ${id} to be ${what}`, async () => {
    const run = await readRun(api, id);
    return wanted(run) && run;
  });

export const ended = (api: TestApi, id: string): Promise<Run> => whenRun(api, id, 'ended', (run) => isEnded(run.status));

/** The newest round of a node. Throws if it has not started. */
export function stepOf(run: Run, nodeKey: string): RunStep {
  const step = run.steps.findLast((candidate) => candidate.nodeKey === nodeKey);
  if (!step) throw new Error(`Run ${run.id} has no step of “${nodeKey}”, only ${run.steps.map(({ id }) => id).join(', ')}.`);
  return step;
}

export const isFinished = (run: Run, nodeKey: string): boolean => run.steps.some((step) => step.nodeKey === nodeKey && step.status === 'succeeded');
/** A model or HTTP call of this node is in flight. */
export const isCalling = (run: Run, nodeKey: string): boolean =>
  run.steps.some((step) => step.nodeKey === nodeKey && step.calls.some((call) => call.status === 'running'));

/** The complete journal of a run. */
export async function journalOf(api: TestApi, id: string): Promise<JournalEvent[]> {
  const { items } = await api.call(listRunEvents, { params: { id }, query: { limit: 10_000 } });
  return items;
}

/** Every run, page by page. */
export async function allRuns(api: TestApi): Promise<RunSummary[]> {
  const found: RunSummary[] = [];
  let cursor: string | undefined;
  do {
    const page: { items: RunSummary[]; nextCursor: string | null } = await api.call(listRuns, { query: { limit: 500, ...(cursor && { cursor }) } });
    found.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return found;
}
