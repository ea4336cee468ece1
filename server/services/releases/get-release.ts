import type { GateCheck, MeasureFigures, ReleaseEvent, WorkflowRelease } from '@switchyard/shared/contracts/evaluation/releases.ts';
import { readActor } from '@switchyard/shared/run/actor.ts';
import type { WorkflowRecord } from '../../store/collections.ts';
import { type GateCheckRecord, gateChecks, type ReleaseWatchRecord, releaseWatches } from '../../store/evaluation/release-collections.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import { type ChangeRecord, changes } from '../../store/registry-collections.ts';
import type { ServiceContext } from '../context.ts';
import { liveVersionOf } from '../workflows/live-version.ts';
import { getWorkflowRecord } from '../workflows/workflow-record.ts';
import { watchOf } from './change-release.ts';
import { withTexts } from './gate/gate-texts.ts';
import { shadowView } from './shadows/shadow-record.ts';

/* A release as the API shows it: what is live, what the watch has seen, and the last changes. */

const MOST_EVENTS = 30;
const MOST_CHECKS = 10;

export async function getRelease(context: ServiceContext, workflowId: string): Promise<WorkflowRelease> {
  return releaseView(context, await getWorkflowRecord(context, workflowId));
}

export async function releaseView({ store }: Pick<ServiceContext, 'store'>, workflow: WorkflowRecord): Promise<WorkflowRelease> {
  const { id, release, releaseRevision = 0, sticky = null, releasedAt = null } = workflow;
  const order = { descending: true } as const;
  const [shadow, recorded, watched, checked] = await Promise.all([
    shadowView(store, workflow),
    store.find(changes, { where: { subject: `release:${id}` }, order: { field: 'at', ...order }, limit: MOST_EVENTS }),
    store.find(releaseWatches, { where: { workflowId: id }, order: { field: 'revision', ...order }, limit: MOST_EVENTS }),
    store.find(gateChecks, { where: { workflowId: id }, order: { field: 'createdAt', ...order }, limit: MOST_CHECKS }),
  ]);
  const current = watched.items.find(({ revision }) => revision === workflow.watchedRevision);
  return {
    workflowId: id,
    revision: releaseRevision,
    versions: release,
    stable: liveVersionOf(workflow),
    canary: release[1]?.version ?? null,
    sticky,
    shadow,
    watch: watchOf(workflow),
    gate: workflow.gate ?? null,
    checks: await Promise.all(checked.items.map((check) => checkView(store, check))),
    since: releasedAt,
    figures: release.length > 1 ? (current?.figures ?? null) : null,
    history: recorded.items.filter(({ applied }) => applied !== false).map((change) => eventView(change, watched.items)),
  };
}

async function checkView(store: WorkspaceStore, check: GateCheckRecord): Promise<GateCheck> {
  const { id, version, status, experimentId, gate, actor, createdAt, endedAt } = check;
  const result = await withTexts(store, check);
  return { id, version, status, experimentId, minScore: gate.minScore, bound: gate.bound, result, actor: readActor(actor), createdAt, endedAt };
}

type Versions = ReleaseEvent['before'];
interface Recorded {
  readonly versions?: Versions;
  readonly decided?: MeasureFigures;
  readonly watched?: number;
}

function eventView({ id, at, actor, action, before, after, reason }: ChangeRecord, watched: readonly ReleaseWatchRecord[]): ReleaseEvent {
  const [was, is] = [before as Recorded | null, after as Recorded | null];
  const watch = is?.decided && watched.find(({ revision }) => revision === is.watched);
  return {
    id,
    at,
    actor: readActor(actor),
    action,
    before: was?.versions ?? [],
    after: is?.versions ?? [],
    reason,
    decided: is?.decided ?? null,
    notice: watch?.notice ?? null,
  };
}
