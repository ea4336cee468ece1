import type { MeasureFigures, ReleaseEvent, WatchRule } from '@switchyard/shared/contracts/evaluation/releases.ts';
import { isoTime } from '@switchyard/shared/iso-time.ts';
import type { Actor } from '@switchyard/shared/run/actor.ts';
import { DEFAULT_MARGINS, DEFAULT_MIN_RUNS } from '../../evaluation/watch/measures.ts';
import type { WorkflowRecord } from '../../store/collections.ts';
import { workflows } from '../../store/collections.ts';
import type { Store } from '../../store/port.ts';
import { recordChange } from '../changes/record-change.ts';
import type { HookTargets } from '../webhooks/hook-targets.ts';
import { liveVersionOf } from '../workflows/live-version.ts';

/*
 * The only change of what is live. A compare-and-set on the release’s revision, recorded (S68): of two changes at once, one wins, and the
 * other one is told.
 */

/** What changing a release needs. */
export interface ReleaseParts {
  readonly stores: Store;
  readonly targets: Pick<HookTargets, 'forget'>;
  readonly now: () => Date;
}

export interface ReleaseChange {
  readonly actor: Actor;
  /** `publish`, `release`, `promote`, `rollback`, or `settings`. */
  readonly action: string;
  /** The stable version first. */
  readonly release: WorkflowRecord['release'];
  readonly settings?: Pick<WorkflowRecord, 'sticky' | 'watch' | 'releaseSalt' | 'gate' | 'shadow'>;
  /** Further fields of the record that change with it. */
  readonly also?: Partial<WorkflowRecord>;
  readonly reason?: string | undefined;
  /** Of an automatic rollback. */
  readonly decided?: MeasureFigures;
}

const MOST_KEPT = 20;

export const watchOf = ({ watch }: Pick<WorkflowRecord, 'watch'>): WatchRule => watch ?? { minRuns: DEFAULT_MIN_RUNS, margins: { ...DEFAULT_MARGINS } };

/** Versions that were stable, oldest first. */
export function stableVersionsOf({ release, stableVersions }: Pick<WorkflowRecord, 'release' | 'stableVersions'>): readonly number[] {
  if (stableVersions) return stableVersions;
  const current = liveVersionOf({ release }) ?? 0;
  return Array.from({ length: Math.min(current, MOST_KEPT) }, (_, index) => current - Math.min(current, MOST_KEPT) + index + 1);
}

export const isSame = (one: WorkflowRecord['release'], other: WorkflowRecord['release']): boolean =>
  one.length === other.length && one.every(({ version, weight }, index) => version === other[index]?.version && weight === other[index]?.weight);

/** A version that takes live runs doesn’t run in shadow anymore. */
function shadowAfter(shadow: WorkflowRecord['shadow'], release: WorkflowRecord['release'], at: string): WorkflowRecord['shadow'] {
  const isLive = shadow?.status === 'running' && release.some(({ version }) => version === shadow.version);
  return isLive ? { ...shadow, status: 'cancelled', endedAt: at } : shadow;
}

/** The versions of a release, and the one that runs in shadow. */
const listed = (release: WorkflowRecord['release'], shadow: WorkflowRecord['shadow']): ReleaseEvent['after'] =>
  shadow?.status === 'running' ? [...release, { version: shadow.version, weight: 0, shadow: shadow.percent }] : release;

const recordedOf = ({ shadow: _shadow, ...settings }: NonNullable<ReleaseChange['settings']>) => settings;

/** Changes what is live. Throws `revision-conflict` if it was changed since `workflow` was read. */
export async function changeRelease({ stores, targets, now }: ReleaseParts, workflow: WorkflowRecord, change: ReleaseChange): Promise<WorkflowRecord> {
  const { id, workspaceId } = workflow;
  const { actor, action, release, settings = {}, reason, decided } = change;
  const before = workflow.releaseRevision ?? 0;
  const stable = release[0]?.version;
  const at = isoTime(now().getTime());
  const earlier = stableVersionsOf(workflow);
  // Other keys make another division, so counting starts again.
  const isDivided = !isSame(release, workflow.release) || (settings.sticky !== undefined && settings.sticky !== (workflow.sticky ?? null));
  const shadow = shadowAfter(settings.shadow ?? workflow.shadow, release, at);
  const fields: Partial<WorkflowRecord> = {
    ...settings,
    ...(shadow !== workflow.shadow && { shadow }),
    appliedCheck: null,
    ...change.also,
    release,
    releaseRevision: before + 1,
    canaryVersion: release[1]?.version ?? null,
    stableVersions:
      stable === undefined || stable === earlier.at(-1) ? [...earlier] : [...earlier.filter((version) => version !== stable), stable].slice(-MOST_KEPT),
    ...(isDivided && { watchedRevision: before + 1 }),
    ...(!isSame(release, workflow.release) && { releasedAt: at }),
  };
  const recorded = {
    workspaceId,
    actor,
    subject: { kind: 'release', id },
    action,
    before: { versions: listed(workflow.release, workflow.shadow) },
    after: { ...recordedOf(settings), versions: listed(release, shadow), ...(decided && { decided, watched: workflow.watchedRevision }) },
    reason,
    revision: before + 1,
  } as const;
  const expected = { equal: { releaseRevision: workflow.releaseRevision ?? null, deletedAt: null } };
  const changed = await recordChange({ stores, now }, recorded, () => stores.in(workspaceId).update(workflows, id, fields, expected));
  targets.forget(id, false);
  return changed;
}
