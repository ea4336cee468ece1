import type { EvidenceRow } from '@switchyard/shared/contracts/insight/evidence.ts';
import { hashOf } from './canonical.ts';
import { type Commit, type CommittedEvent, type CommittedTrigger, hashedEvent, triggerCommitment } from './commitments.ts';

/*
 * The hash chain of a run (S89). Each row of its journal is hashed as RFC 8785 with the hash of the row before. The first one follows the hash
 * of how the run started.
 */

export const FORMAT = 'switchyard/evidence@1';

/** What the first row of the journal follows. */
export const startHash = (runId: string, commit: Commit | undefined, trigger: CommittedTrigger): string =>
  hashOf({ format: FORMAT, runId, input: triggerCommitment(commit, trigger) });

interface ChainedRow {
  readonly seq: number;
  readonly epoch: number;
  readonly events: readonly CommittedEvent[];
}

/** Throws MissingPayload if the payload of an event is gone without a commitment. */
export const rowHash = (previous: string, runId: string, commit: Commit | undefined, { seq, epoch, events }: ChainedRow): string =>
  hashOf({ previous, runId, seq, epoch, events: events.map((event) => hashedEvent(commit, event)) });

/** What the installation signs about a run. */
export interface RunStatement {
  readonly format: typeof FORMAT;
  readonly runId: string;
  /** The last event. */
  readonly seq: number;
  readonly head: string;
  readonly ended: boolean;
  /** Hash of everything that was left when payloads were removed. Null if all payloads are there. */
  readonly remains: string | null;
}

/** Null if nothing was removed. */
export function remainsHash(trigger: CommittedTrigger, rows: readonly Pick<EvidenceRow, 'events'>[]): string | null {
  const left = [trigger, ...rows.flatMap(({ events }) => events as unknown as CommittedEvent[])].filter(({ commitment }) => commitment !== undefined);
  return left.length === 0 ? null : hashOf(left);
}

/** The number of the last event. */
export const lastSeq = (rows: readonly { readonly seq: number; readonly events: readonly unknown[] }[]): number => {
  const last = rows.at(-1);
  return last ? last.seq + last.events.length - 1 : 0;
};
