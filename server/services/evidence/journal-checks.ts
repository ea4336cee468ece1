import type { EvidenceProblem } from '@switchyard/shared/contracts/insight/evidence.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import type { RunRecord } from '../../store/collections.ts';
import type { JournalRow } from '../../store/port.ts';
import { requestHash } from '../policies/policy-library.ts';
import { inputHash } from '../runs/input-hash.ts';
import { canonical } from './chain/canonical.ts';
import { lastSeq } from './chain/run-chain.ts';
import { createRowSeals } from './row-seals.ts';

/* Checks that what is stored about a run is what this installation wrote (S89). */

type Keyed = Pick<Secrets, 'keyedHash'>;
type LeftOfChain = NonNullable<RunRecord['evidence']>;

/** Proves that this installation wrote the remains of a chain. */
export const sealOfLeft = (secrets: Keyed, runId: string, { input, end }: Omit<LeftOfChain, 'seal'>): string =>
  secrets.keyedHash('run-evidence', canonical([runId, input, end ?? null])).toString('base64url');

const isLeftIntact = (secrets: Keyed, runId: string, left: LeftOfChain): boolean => left.seal === sealOfLeft(secrets, runId, left);

/** What differs from what was written. */
export function journalProblems(secrets: Keyed, run: RunRecord, rows: readonly JournalRow[]): EvidenceProblem[] {
  return [...changedRows(secrets, run.workspaceId, rows), ...missingRows(run, rows), ...(isInputIntact(secrets, run) ? [] : [CHANGED_INPUT])];
}

const CHANGED_INPUT: EvidenceProblem = { code: 'changed', where: 'input', message: 'The run’s input is not what was written.' };

function changedRows(secrets: Keyed, workspaceId: string, rows: readonly JournalRow[]): EvidenceProblem[] {
  const seals = createRowSeals(secrets);
  return rows
    .filter((row) => !seals.isIntact(workspaceId, row))
    .map((row) => ({ code: 'changed', where: placeOf(row), message: 'This row of the journal is not what was written.' }));
}

const placeOf = ({ seq, events }: Pick<JournalRow, 'seq' | 'events'>): string =>
  events.length < 2 ? `event ${seq}` : `events ${seq} to ${seq + events.length - 1}`;

function missingRows({ status, seq }: RunRecord, rows: readonly JournalRow[]): EvidenceProblem[] {
  const problems: EvidenceProblem[] = [];
  let next = 1;
  for (const row of rows) {
    if (row.seq !== next) problems.push({ code: 'missing', where: `event ${next}`, message: `Events ${next} to ${row.seq - 1} are missing.` });
    next = row.seq + row.events.length;
  }
  const end = rows.at(-1)?.events.at(-1);
  if (isEnded(status) && (end?.type !== 'run-finished' || lastSeq(rows) < seq)) {
    problems.push({ code: 'cut', where: `events from ${next}`, message: 'The run ended, but the end of its journal is missing.' });
  }
  return problems;
}

/** Whether the input is the one that the run was accepted with. Its keyed hash remains when it is removed. */
export function isInputIntact(secrets: Keyed, { id, inputHash: known, triggerData, evidence }: RunRecord): boolean {
  if (evidence) return isLeftIntact(secrets, id, evidence);
  if (known === undefined || triggerData.sealed !== undefined) return true;
  return known === inputHash({ keyedHash: requestHash(secrets) }, triggerData.body);
}
