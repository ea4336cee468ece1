import type { WorkflowRecord } from '../../store/collections.ts';

/** The version that live triggers run. Null before the first publish. */
export const liveVersionOf = (record: Pick<WorkflowRecord, 'release'>): number | null => record.release[0]?.version ?? null;
