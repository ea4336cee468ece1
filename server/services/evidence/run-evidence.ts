import type { Evidence, EvidenceProblem, Verification } from '@switchyard/shared/contracts/insight/evidence.ts';
import type { RunRecord } from '../../store/collections.ts';
import type { ServiceContext } from '../context.ts';
import { getRunRecord } from '../runs/get-run.ts';
import { FORMAT, type RunStatement, remainsHash } from './chain/run-chain.ts';
import { verifyRun } from './chain/verify-run.ts';
import { coveredSince } from './covered-since.ts';
import { dayProofOf } from './days/daily-heads.ts';
import { isInputIntact } from './journal-checks.ts';
import { hasChain, type RunChain, readChain } from './read-chain.ts';
import { type KeyParts, signed, trustedKeys } from './signing-keys.ts';

/** What services need to sign and verify. */
export const keyParts = ({ stores, policies, now }: Pick<ServiceContext, 'stores' | 'policies' | 'now'>): KeyParts => ({
  stores,
  secrets: policies.secrets,
  now,
});

/** A run as evidence (S89). Signed only if its journal is what was written. */
export async function getRunEvidence(context: ServiceContext, id: string): Promise<Evidence> {
  const run = await getRunRecord(context, id);
  if (!hasChain(run)) return without(run, await noChain(context, run));
  const { store, policies } = context;
  const chain = run.journalRemovedAt === undefined ? await readChain({ store, secrets: policies.secrets }, run) : undefined;
  const { input, salt, head, problems } = chain ?? leftOfChain(context, run);
  const evidence = { format: FORMAT, runId: id, salt, input: { ...input }, journal: chain?.rows ?? null, head } as const;
  if (problems.length > 0) return { ...evidence, signature: null, keys: [], problems: await excused(context, run, problems) };
  const statement: RunStatement = {
    format: FORMAT,
    runId: id,
    seq: head.seq,
    head: head.hash,
    ended: head.ended,
    remains: remainsHash(input, chain?.rows ?? []),
  };
  const day = await dayProofOf(store, run);
  return { ...evidence, ...(await signed(keyParts(context), statement)), ...(day && { day }), problems: [] };
}

const without = ({ id }: RunRecord, problems: EvidenceProblem[]): Evidence => ({
  format: FORMAT,
  runId: id,
  salt: null,
  input: null,
  journal: null,
  head: null,
  signature: null,
  keys: [],
  problems,
});

/** Of a run whose journal was removed. */
function leftOfChain({ policies }: ServiceContext, run: RunRecord): Omit<RunChain, 'rows'> {
  const { triggerData, evidence } = run;
  const end = evidence?.end;
  const problems: EvidenceProblem[] = isInputIntact(policies.secrets, run) && end ? [] : [CHANGED_END];
  const head = { seq: end?.seq ?? 0, hash: end?.hash ?? '0'.repeat(64), ended: true };
  return { salt: null, input: { ...triggerData, ...(evidence && { commitment: evidence.input }) }, head, problems };
}

const CHANGED_END: EvidenceProblem = { code: 'changed', where: 'head', message: 'The remains of the chain are not what was written.' };
const OLDER = 'This run was written by a version without evidence, so changes to it can’t be detected.';
const STRIPPED = 'This run has no chain, but should have one.';

async function noChain(context: ServiceContext, run: RunRecord): Promise<EvidenceProblem[]> {
  const isCovered = await isCoveredBy(context, run);
  return [isCovered ? { code: 'missing', where: 'run', message: STRIPPED } : { code: 'no-chain', where: 'run', message: OLDER }];
}

/** During an upgrade, processes of the earlier version may have written a part of the run. */
async function excused(context: ServiceContext, run: RunRecord, problems: EvidenceProblem[]): Promise<EvidenceProblem[]> {
  return (await isCoveredBy(context, run)) ? problems : [{ code: 'no-chain', where: 'run', message: OLDER }];
}

async function isCoveredBy({ stores, policies }: ServiceContext, { createdAt }: RunRecord): Promise<boolean> {
  const since = await coveredSince(stores, policies.secrets);
  return since !== undefined && createdAt >= since;
}

/** Verifies evidence of this installation. */
export const verifyEvidence = async (context: ServiceContext, evidence: unknown): Promise<Verification> =>
  verifyRun(evidence, { publicKeys: await trustedKeys(keyParts(context)) });
