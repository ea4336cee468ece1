import type { RunNeeds } from '@switchyard/shared/run/build-versions.ts';
import { versionWrittenBy, WITH_STAND_INS } from '@switchyard/shared/run/event-versions.ts';
import { LRUCache } from 'lru-cache';
import { graphs, type ProcessRecord, type RunRecord, runs } from '../../store/collections.ts';
import type { WorkspaceReader } from '../../store/port.ts';

/* What a build must know to drive a run (S41): the node types of its graph, and the versions of the events that it has and may get. */

interface RunToRead {
  readonly runId: string;
  readonly graphHash: string;
  /** Set if it may have a journal: the least number of rows in it. */
  readonly seq?: number;
  /** The earlier run whose steps it starts with. */
  readonly rerun?: { readonly runId: string };
  readonly standIns?: unknown;
}

/** A run that no process has driven has no journal. */
export const runToRead = ({ id, workspaceId, graphHash, seq, ownerEpoch = 0, rerunOf, rerunFrom, standIns }: RunRecord) => ({
  runId: id,
  workspaceId,
  graphHash,
  ...(ownerEpoch > 0 && { seq }),
  ...(rerunOf && rerunFrom && { rerun: { runId: rerunOf } }),
  ...(standIns && { standIns }),
});

/** The node types of graphs by their content hash. */
const nodesOf = new LRUCache<string, RunNeeds['nodes']>({ max: 1_000 });

type Reader = Pick<WorkspaceReader, 'get' | 'readJournal'>;

/** Whether driving the run may write events that it doesn’t have yet, and that some of these processes don’t know. */
export const isAheadOf = ({ event, writes }: RunNeeds, processes: readonly Pick<ProcessRecord, 'versions'>[]): boolean =>
  writes > event && processes.some(({ versions }) => (versions?.event ?? 0) < writes);

export async function needsOf(store: Reader, { runId, graphHash, seq, rerun, standIns }: RunToRead): Promise<RunNeeds> {
  const nodes = nodesOf.get(graphHash) ?? (await readNodes(store, graphHash));
  const own = seq === undefined ? 0 : await lastVersion(store, runId, seq);
  const earlier = seq === undefined && rerun && (await store.get(runs, rerun.runId));
  return {
    event: Math.max(own, earlier ? await lastVersion(store, earlier.id, earlier.seq) : 0),
    nodes,
    writes: Math.max(versionWrittenBy(nodes.map(({ type }) => type)), standIns ? WITH_STAND_INS : 0),
  };
}

/** The version of the last row. Later rows are never of an older version: a build does not continue what it can’t read. */
const lastVersion = async (store: Reader, runId: string, seq: number): Promise<number> => (await store.readJournal(runId, Math.max(1, seq))).at(-1)?.v ?? 0;

async function readNodes(store: Reader, graphHash: string): Promise<RunNeeds['nodes']> {
  const record = await store.get(graphs, graphHash);
  // A run whose graph is missing fails in any build.
  if (!record) return [];
  const versions = new Map<string, number>();
  for (const { type, data } of record.graph.nodes) versions.set(type, Math.max(data.typeVersion, versions.get(type) ?? 0));
  const nodes = [...versions].map(([type, version]) => ({ type, version }));
  nodesOf.set(graphHash, nodes);
  return nodes;
}
