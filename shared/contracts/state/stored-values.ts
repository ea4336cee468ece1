import { z } from 'zod';
import { LONGEST_STATE_KEY, STATE_SPACES } from '../../run/state-change.ts';
import { contract, idParams, moment, pageQuery } from '../contract.ts';

const space = z.enum(STATE_SPACES).default('live');
const key = z.string().min(1).max(LONGEST_STATE_KEY);

const stateEntrySchema = z.object({
  key: z.string(),
  value: z.unknown(),
  updatedAt: moment,
  /** The run that wrote it last. Null if a person did. */
  runId: z.string().nullable(),
});
export type StateEntry = z.infer<typeof stateEntrySchema>;

const tag = 'State';

export const listState = contract({
  id: 'listState',
  method: 'GET',
  path: '/api/workflows/:id/state',
  scope: 'read',
  tag,
  summary: 'List the stored values of a workflow, by key',
  params: idParams,
  query: z.strictObject({
    space,
    /** Only keys that start with this. */
    prefix: z.string().max(LONGEST_STATE_KEY).default(''),
    limit: z.coerce.number().int().min(1).max(100).default(50),
    cursor: pageQuery.cursor,
  }),
  reply: z.object({
    items: z.array(stateEntrySchema),
    nextCursor: z.string().nullable(),
    /** All keys, also those that `prefix` leaves out. */
    keys: z.number(),
    /** Values that Seen before nodes remember. At most 10,000 are counted. */
    seen: z.number(),
  }),
  errors: ['not-found', 'bad-request'],
});

export const putState = contract({
  id: 'putState',
  method: 'PUT',
  path: '/api/workflows/:id/state',
  scope: 'edit',
  tag,
  summary: 'Set a stored value of a workflow',
  params: idParams,
  body: z.strictObject({ space, key, value: z.unknown() }),
  reply: stateEntrySchema,
  errors: ['not-found', 'bad-request', 'too-large'],
});

export const deleteState = contract({
  id: 'deleteState',
  method: 'POST',
  path: '/api/workflows/:id/state/delete',
  scope: 'edit',
  tag,
  summary: 'Delete a stored value of a workflow',
  params: idParams,
  body: z.strictObject({ space, key }),
  reply: z.object({ deleted: z.boolean() }),
  errors: ['not-found', 'bad-request'],
});

export const clearState = contract({
  id: 'clearState',
  method: 'POST',
  path: '/api/workflows/:id/state/clear',
  scope: 'edit',
  tag,
  summary: 'Delete all stored values of a workflow in one space, including what Seen before nodes remember',
  params: idParams,
  body: z.strictObject({ space: z.enum(STATE_SPACES) }),
  reply: z.object({ deleted: z.number() }),
  errors: ['not-found', 'bad-request'],
});
