import type { EvidenceProblem, EvidenceRow } from '@switchyard/shared/contracts/insight/evidence.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import type { RunRecord } from '../../store/collections.ts';
import type { JournalRow, WorkspaceStore } from '../../store/port.ts';
import { ownTurn } from '../../turns.ts';
import { openRow, openTrigger, type RunSeal, sealOf } from '../policies/run-seal.ts';
import {
  type Commit,
  type CommittedEvent,
  type CommittedTrigger,
  commitUnder,
  MissingPayload,
  triggerCommitment,
  uncoveredEvent,
} from './chain/commitments.ts';
import { lastSeq, rowHash, startHash } from './chain/run-chain.ts';
import { journalProblems } from './journal-checks.ts';

/*
 * Computes the chain of a run from its journal, and checks that the journal is as it was written (S89).
 */

export interface ChainParts {
  readonly store: WorkspaceStore;
  readonly secrets: Pick<Secrets, 'open' | 'keyedHash'>;
}

/** The chain of a run whose journal exists. */
export interface RunChain {
  readonly salt: string | null;
  readonly input: CommittedTrigger;
  readonly rows: EvidenceRow[];
  readonly head: { readonly seq: number; readonly hash: string; readonly ended: boolean };
  readonly problems: EvidenceProblem[];
}

/** Whether commitments to the payloads of a run exist or can be made. Not for runs of versions without evidence. */
export const hasChain = ({ salt, evidence }: RunRecord): boolean => salt !== undefined || evidence !== undefined;

/** What a run started with, with the commitment if its payloads are removed. */
function inputOf(run: RunRecord, seal: RunSeal | undefined): CommittedTrigger {
  const { triggerData, evidence, salt } = run;
  if (evidence) return { ...triggerData, commitment: evidence.input };
  if (triggerData.sealed === undefined || salt === undefined) return triggerData;
  return { ...openTrigger(undefined, triggerData), commitment: triggerCommitment(commitUnder(salt), openTrigger(seal, triggerData)) };
}

/** Computes the chain. Payloads that are encrypted are only committed to, not shown (S66). */
export async function readChain({ store, secrets }: ChainParts, run: RunRecord): Promise<RunChain> {
  const stored = await store.readJournal(run.id);
  const seal = run.triggerData.sealed === undefined ? undefined : await sealOf(store, secrets, run.id);
  const commit = commitUnder(run.salt);
  const input = inputOf(run, seal);
  const problems = journalProblems(secrets, run, stored);
  const rows: EvidenceRow[] = [];
  try {
    let previous = startHash(run.id, commit, input);
    for (const row of stored) {
      await ownTurn();
      const events = shownEvents(row, commit, seal);
      previous = rowHash(previous, run.id, commit, { ...row, events });
      rows.push({ seq: row.seq, epoch: row.epoch, events: events as unknown as EvidenceRow['events'], hash: previous });
    }
  } catch (thrown) {
    if (!(thrown instanceof MissingPayload)) throw thrown;
    problems.push({ code: 'missing', where: `events from ${lastSeq(rows) + 1}`, message: 'Payloads were removed without their commitments.' });
  }
  const head = { seq: lastSeq(rows), hash: rows.at(-1)?.hash ?? NO_HASH, ended: isEnded(run.status) };
  return { salt: seal ? null : (run.salt ?? null), input, rows, head, problems };
}

/** Of a journal without rows. */
const NO_HASH = '0'.repeat(64);

/** The events of a row. If they are encrypted, without payloads, but with their commitments. */
function shownEvents(row: JournalRow, commit: Commit | undefined, seal: RunSeal | undefined): readonly CommittedEvent[] {
  const { events } = openRow(seal, row);
  return seal ? events.map((event) => uncoveredEvent(commit, event)) : events;
}
