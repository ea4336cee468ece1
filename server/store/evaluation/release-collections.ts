import {
  type Gate,
  type GateResult,
  gateCheckSchema,
  type MeasureFigures,
  type ReleaseShadow,
  type WatchFigures,
  type WatchRule,
  watchFiguresSchema,
} from '@switchyard/shared/contracts/evaluation/releases.ts';
import { z } from 'zod';
import { actor, base, declare } from '../declare-collection.ts';

/** Parts of a workflow’s record: how live runs are divided (S83). All are missing in workflows whose release was never changed. */
export const releaseFields = {
  /** Counts changes of what is live. */
  releaseRevision: z.number().optional(),
  /** The revision since which runs are counted: when weights or keys last changed. */
  watchedRevision: z.number().optional(),
  /** The `watchedRevision` that last went back automatically. */
  rolledBackRevision: z.number().optional(),
  /** The version that is watched. Null or missing without one. */
  canaryVersion: z.number().nullable().optional(),
  /** When the weights last changed. */
  releasedAt: z.string().optional(),
  /** Versions that were stable, oldest first, at most 20. Missing: all before the current one were. */
  stableVersions: z.array(z.number()).optional(),
  /** Divides keys differently in each workflow. */
  releaseSalt: z.string().optional(),
  sticky: z.string().nullable().optional(),
  watch: z.custom<WatchRule>().optional(),
  gate: z.custom<Gate>().nullable().optional(),
  /** The version that runs in shadow, or did last. */
  shadow: z.custom<ShadowSetting>().nullable().optional(),
  /** The gate check that made the last change, if one did. */
  appliedCheck: z.string().nullable().optional(),
};

/** A version that runs on a share of live inputs without answering (S83). */
export interface ShadowSetting extends Omit<ReleaseShadow, 'replayId' | 'counts' | 'spentMicros'> {
  /** Also that of its replay, which is created with its first run. */
  readonly id: string;
  readonly graphHash: string;
  readonly actor: z.infer<typeof actor>;
}

/** Parts of a run’s record, if its workflow divides its live runs. */
export const releasedRunFields = {
  /** The `watchedRevision` of its workflow when its version was chosen. Missing without a canary. */
  releaseRevision: z.number().optional(),
  /** A keyed hash of its sticky value. */
  stickyKey: z.string().optional(),
  /** The shadow that also runs on its input. */
  shadow: z.string().optional(),
  /** From its end until its shadow run is compared: when that is due. */
  shadowDue: z.string().nullable().optional(),
};

/** What the watch has seen and decided since a `watchedRevision`. Its ID is `<workflowId>:<revision>`. */
const releaseWatchRecord = z.object({
  ...base,
  workflowId: z.string(),
  revision: z.number(),
  figures: watchFiguresSchema.nullable() as z.ZodType<WatchFigures | null>,
  /** The measure that decided, with its figures. Null while nothing is decided. */
  decided: z.custom<MeasureFigures>().nullable(),
  /** Set from the decision until the release went back and its message was delivered: when the next attempt is due. */
  dueAt: z.string().nullable(),
  attempts: z.number(),
  notice: z.object({ channel: z.enum(['webhook', 'email']), sentAt: z.string().nullable(), error: z.string().nullable() }).nullable(),
  updatedAt: z.string(),
});
export type ReleaseWatchRecord = z.infer<typeof releaseWatchRecord>;
export const releaseWatches = declare<ReleaseWatchRecord>({
  name: 'release_watches',
  schema: releaseWatchRecord,
  indexes: [
    { name: 'by_workflow', fields: ['workflowId', 'revision'] },
    { name: 'due', fields: ['dueAt'], whereSet: 'dueAt' },
  ],
});

const check = gateCheckSchema.shape;

/** A version at the gate, and what is applied once it has passed. */
const gateCheckRecord = z.object({
  ...base,
  workflowId: z.string(),
  version: check.version,
  status: check.status,
  gate: z.custom<Gate>(),
  experimentId: z.string().nullable(),
  /** Of the stable version, if regressions matter. */
  baselineId: z.string().nullable(),
  result: z.custom<GateResult>().nullable(),
  /** The release to apply, if it still has this revision. */
  revision: z.number(),
  wanted: z.custom<WantedRelease>(),
  actor,
  createdAt: z.string(),
  endedAt: z.string().nullable(),
  /** When it is looked at again. Null once it has ended. */
  dueAt: z.string().nullable(),
});
export type GateCheckRecord = z.infer<typeof gateCheckRecord>;
export const gateChecks = declare<GateCheckRecord>({
  name: 'gate_checks',
  schema: gateCheckRecord,
  indexes: [
    { name: 'by_workflow', fields: ['workflowId', 'createdAt'] },
    { name: 'due', fields: ['dueAt'], whereSet: 'dueAt' },
  ],
});

/** A change of a release that waits for its gate. */
export interface WantedRelease {
  readonly action: string;
  readonly release: readonly { readonly version: number; readonly weight: number }[];
  readonly settings: Readonly<Record<string, unknown>>;
  readonly reason?: string | undefined;
}

export const releaseCollections = [releaseWatches, gateChecks];
