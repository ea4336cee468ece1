import type { Cause, CauseGroup, Correction } from '@switchyard/shared/contracts/evaluation/corrections.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { type CorrectionRecord, corrections } from '../../store/evaluation/correction-collections.ts';
import type { Query } from '../../store/port.ts';
import { type ServiceContext, timestamp } from '../context.ts';

const NOT_EXAMINED = { cause: null, rule: null, ground: 'not-examined', evidence: [] } as const;

/** A correction as the API shows it. Those of earlier versions have no cause. */
export function correctionView({ workspaceId: _workspace, cause: _cause, isConfirmed: _confirmed, ...record }: CorrectionRecord): Correction {
  const { reviewId = record.id, reviewTitle = '', version = null, asProposed = true, madeBy = null, likely = NOT_EXAMINED, confirmed = null } = record;
  return { ...record, reviewId, reviewTitle, version, asProposed, madeBy, likely: { ...likely, evidence: [...likely.evidence] }, confirmed };
}

export interface CorrectionQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly workflowId?: string | undefined;
  readonly runId?: string | undefined;
  readonly cause?: CauseGroup | undefined;
  readonly confirmed?: boolean | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** What finds them, newest first. */
export const correctionQuery = ({ workflowId, runId, cause, confirmed, from, to }: Omit<CorrectionQuery, 'limit' | 'cursor'>): Query => ({
  where: {
    ...(workflowId !== undefined && { workflowId }),
    ...(runId !== undefined && { runId }),
    ...(cause !== undefined && { cause }),
    ...(confirmed !== undefined && { isConfirmed: confirmed ? 1 : 0 }),
  },
  ...((from ?? to) !== undefined && { range: { field: 'at', ...(from !== undefined && { from }), ...(to !== undefined && { to }) } }),
  order: { field: 'at', descending: true },
  aside: true,
});

/** Corrections, newest first. */
export async function listCorrections({ store }: ServiceContext, { limit, cursor, ...filter }: CorrectionQuery) {
  const page = await store.find(corrections, { ...correctionQuery(filter), limit, ...(cursor !== undefined && { cursor }) });
  return { items: page.items.map(correctionView), nextCursor: page.nextCursor };
}

/** A correction’s record. Throws `not-found`. */
export async function getCorrectionRecord({ store }: ServiceContext, id: string): Promise<CorrectionRecord> {
  const record = await store.get(corrections, id);
  if (!record) throw new AppError('not-found', `Correction “${id}” not found.`);
  return record;
}

export const getCorrection = async (context: ServiceContext, id: string): Promise<Correction> => correctionView(await getCorrectionRecord(context, id));

/** Records the cause that a person names, under their name. Null goes back to the likely one. The last person counts. */
export async function setCause(context: ServiceContext, id: string, cause: Cause | null): Promise<Correction> {
  const { likely } = await getCorrectionRecord(context, id);
  const confirmed = cause && { cause, by: context.caller.name, at: timestamp(context) };
  const changes = { confirmed, cause: cause ?? likely?.cause ?? 'unattributed', isConfirmed: cause ? 1 : 0 } as const;
  const changed = await context.store.update(corrections, id, changes);
  if (!changed) throw new AppError('not-found', `Correction “${id}” not found.`);
  return correctionView(changed);
}
