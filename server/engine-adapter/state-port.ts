import { createHash } from 'node:crypto';
import { AppError } from '@switchyard/shared/errors.ts';
import { hasFiles, packFiles, unpackFiles } from '@switchyard/shared/files/packed-files.ts';
import type { StateChange, StateResult, StateSpace } from '@switchyard/shared/run/state-change.ts';
import type { AcceptedRun, EnginePorts } from '../engine/ports.ts';
import { readState, SEEN_TABLE, type StatePlace, type WriteState } from '../services/state/write-state.ts';
import { runs } from '../store/collections.ts';
import type { Store } from '../store/port.ts';

/** Stored state of the run’s workflow. Draft runs, and the runs they start, use values of their own (S75). */
export const statePort =
  (store: Store, writeState: WriteState, now: () => number): EnginePorts['state'] =>
  async (run, { key, ...request }, callId) => {
    const asked = packed(run, request);
    const records = store.in(run.workspaceId);
    // Values that were seen may be of any length, and only need to be recognized.
    const named = asked.operation === 'remember' ? { table: SEEN_TABLE, key: hashOf(key) } : { table: '', key };
    const { workspaceId, workflowId } = run;
    const place: StatePlace = { workspaceId, workflowId, space: await spaceOf(store, run), ...named };
    const at = new Date(now()).toISOString();
    if (asked.operation !== 'get') return unpacked(await writeState(records, place, { id: callId, runId: run.runId, change: asked, at }));
    const entry = await readState(records, place, at);
    return unpacked({ value: entry?.value ?? null, found: entry !== undefined, changed: false });
  };

type Asked = StateChange | { readonly operation: 'get' };

/** Files are kept with the value, unless they can only be read with the key of the run. */
function packed({ sealed }: AcceptedRun, asked: Asked): Asked {
  if (!('value' in asked)) return asked;
  if (sealed && hasFiles(asked.value))
    throw new AppError('bad-request', 'The data policy of this workflow keeps no values of runs, so files can’t be stored in state.');
  const value = packFiles(asked.value);
  return asked.operation === 'compare-and-set' ? { ...asked, value, expected: packFiles(asked.expected) } : { ...asked, value };
}

const unpacked = (result: StateResult): StateResult => ({ ...result, value: unpackFiles(result.value) });

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What decides where a run stores its values. */
type Placed = Pick<AcceptedRun, 'workspaceId' | 'version'> & { readonly [K in 'parent' | 'standIns']?: AcceptedRun[K] | undefined };

/** Draft runs, those of experiments, and the runs they start, store apart from live ones. A replay reads what its original run read. */
export async function spaceOf(store: Store, { workspaceId, version, parent, standIns }: Placed): Promise<StateSpace> {
  if (standIns?.as === 'experiment') return 'draft';
  const source = standIns?.source === undefined ? undefined : await store.in(workspaceId).get(runs, standIns.source);
  if (source) return spaceOf(store, source);
  const root = parent && (await store.in(workspaceId).get(runs, parent.rootId));
  return version === 'draft' || root?.version === 'draft' ? 'draft' : 'live';
}
