import { STATE_SPACES, type StateChange, type StateResult } from '@switchyard/shared/run/state-change.ts';
import { z } from 'zod';
import { base, declare } from '../declare-collection.ts';

/** A stored value of a workflow (S75). Its ID follows from its place and key. */
const stateEntryRecord = z.object({
  ...base,
  workflowId: z.string(),
  space: z.enum(STATE_SPACES),
  /** `<workflowId>/<space>/<table>`. */
  place: z.string(),
  key: z.string(),
  value: z.unknown(),
  /** Changes with each write, for compare-and-set. */
  stamp: z.string(),
  /** Changes that are part of the value and may not be settled, with their results. */
  pending: z.array(z.object({ id: z.string(), result: z.custom<StateResult>() })),
  expiresAt: z.string().nullable(),
  /** It has no value, and is kept only until its changes are settled. */
  deletedAt: z.string().nullable(),
  updatedAt: z.string(),
  /** The run that wrote it last. Null if a person did. */
  runId: z.string().nullable(),
});
export type StateEntryRecord = z.infer<typeof stateEntryRecord>;
export const stateEntries = declare<StateEntryRecord>({
  name: 'state_entries',
  schema: stateEntryRecord,
  indexes: [
    { name: 'by_place', fields: ['place', 'deletedAt', 'key'] },
    { name: 'by_workflow', fields: ['workflowId', 'space'] },
    { name: 'expires', fields: ['expiresAt'], whereSet: 'expiresAt' },
    { name: 'deleted', fields: ['deletedAt'], whereSet: 'deletedAt' },
  ],
});

/** A change that a call has asked for. Its ID is that of the call, so a repetition finds it. */
const stateChangeRecord = z.object({
  ...base,
  runId: z.string().nullable(),
  entryId: z.string(),
  change: z.custom<StateChange>(),
  /** Set once the change is part of the entry: it is then settled. */
  result: z.custom<StateResult>().optional(),
  at: z.string(),
});
export type StateChangeRecord = z.infer<typeof stateChangeRecord>;
export const stateChanges = declare<StateChangeRecord>({ name: 'state_changes', schema: stateChangeRecord, indexes: [{ name: 'at', fields: ['at'] }] });

export const stateCollections = [stateEntries, stateChanges];
