import type { Run } from '@switchyard/shared/contracts/runs.ts';
import type { RunRecord } from '../../store/collections.ts';
import type { ServiceContext } from '../context.ts';
import { getRun, getRunRecord } from '../runs/get-run.ts';
import { runnable, type WantedVersion } from '../runs/start-run.ts';
import { loadFrozenGraph } from '../workflows/frozen-graph.ts';
import { getWorkflowRecord } from '../workflows/workflow-record.ts';
import { startStandInRun } from './stand-in-run.ts';

/** Replays a run on the graph that ran, or on another version (S82a). Throws as `startStandInRun` and `runnable` do. */
export async function replayRun(context: ServiceContext, runId: string, version: WantedVersion | undefined): Promise<Run> {
  const source = await getRunRecord(context, runId);
  const workflow = await getWorkflowRecord(context, source.workflowId);
  const { number, hash } = await graphFor(context, source, version);
  const record = await startStandInRun(context, { as: 'replay', workflow, version: number, graphHash: hash, source });
  return getRun(context, record.id);
}

async function graphFor(context: ServiceContext, source: RunRecord, version: WantedVersion | undefined) {
  if (version === undefined) return { number: source.version, hash: (await loadFrozenGraph(context, source.graphHash)).hash };
  return runnable(context, await getWorkflowRecord(context, source.workflowId), version);
}
