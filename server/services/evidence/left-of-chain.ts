import type { TriggerData } from '@switchyard/shared/run/events.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import type { RunRecord } from '../../store/collections.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import { commitUnder, triggerCommitment } from './chain/commitments.ts';
import { isInputIntact, sealOfLeft } from './journal-checks.ts';
import { hasChain, readChain } from './read-chain.ts';

/* What remains of the chain of a run when its payloads or its journal are removed (S89). */

type LeftOfChain = RunRecord['evidence'];

/** Marks what could not be vouched for when it was removed. It matches no seal. */
const BROKEN = '';

/** The commitment to the input, before it is removed. Undefined if the run has no chain, or it is there already. */
export function leftOfInput(secrets: Pick<Secrets, 'keyedHash'>, run: RunRecord, input: TriggerData): LeftOfChain {
  if (run.salt === undefined || run.evidence) return undefined;
  const left = { input: triggerCommitment(commitUnder(run.salt), input) };
  return { ...left, seal: isInputIntact(secrets, run) ? sealOfLeft(secrets, run.id, left) : BROKEN };
}

/** The end of the chain, before the journal is removed. Undefined if the run has no chain. */
export async function leftOfJournal(store: WorkspaceStore, secrets: Pick<Secrets, 'keyedHash' | 'open'>, run: RunRecord): Promise<LeftOfChain> {
  if (!hasChain(run) || !run.evidence) return undefined;
  const { head, problems } = await readChain({ store, secrets }, run);
  const left = { input: run.evidence.input, end: { seq: head.seq, hash: head.hash } };
  return { ...left, seal: problems.length === 0 ? sealOfLeft(secrets, run.id, left) : BROKEN };
}
