import { createHash } from 'node:crypto';
import { frameOf } from '@switchyard/shared/run/address.ts';
import type { EnginePorts } from '../engine/ports.ts';
import { isLiveTrigger } from '../services/releases/choose-version.ts';
import { runs } from '../store/collections.ts';
import { authorities } from '../store/evaluation/authority-collections.ts';
import type { Store, WorkspaceStore } from '../store/port.ts';

/** Reruns of reruns are followed this far. */
const MOST_RERUNS = 100;

/** Who sees a review (S84). A person sees all reviews of runs that aren’t live, and of runs whose values aren’t kept. */
export const authorityPort =
  (store: Store): EnginePorts['authority'] =>
  async (run, { nodeKey, stepId, group }) => {
    const records = store.in(run.workspaceId);
    const original = await originalOf(records, run.standIns?.source ?? run.runId);
    const position = positionOf(`${original.runId} ${nodeKey} ${frameOf(stepId) ?? ''}`);
    if (run.sealed || run.standIns?.as === 'experiment' || !original.isLive) return { group, share: null, position, counts: false };
    const record = await records.get(authorities, `${run.workflowId}:${nodeKey}`);
    const known = record?.groups.find(({ name }) => name === group);
    return { group, share: known?.isSet ? known.state.share : null, position, counts: true };
  };

/** Evenly from 0 to below 100, from a hash. */
const positionOf = (text: string): number => (createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32) * 100;

/** The run that was rerun, or the run itself. */
async function originalOf(store: WorkspaceStore, runId: string): Promise<{ readonly runId: string; readonly isLive: boolean }> {
  let record = await store.get(runs, runId);
  for (let count = 0; count < MOST_RERUNS && record?.rerunOf; count++) record = (await store.get(runs, record.rerunOf)) ?? { ...record, rerunOf: null };
  return { runId: record?.id ?? runId, isLive: record !== undefined && isLiveTrigger(record) };
}
