import { z } from 'zod';
import { contract, idParams, moment } from '../contract.ts';

/** A pinned output: draft runs take it instead of running the node (S78). */
export const pinSchema = z.object({
  nodeKey: z.string(),
  output: z.unknown(),
  /** The branch that runs take. Null if all are. */
  port: z.string().nullable(),
  updatedAt: moment,
});
export type PinnedOutput = z.infer<typeof pinSchema>;

const pinParams = idParams.extend({ nodeKey: z.string().max(100) });
const tag = 'Workflows';

export const listPins = contract({
  id: 'listPins',
  method: 'GET',
  path: '/api/workflows/:id/pins',
  scope: 'read',
  tag,
  summary: 'List the pinned outputs of the draft',
  params: idParams,
  reply: z.object({ items: z.array(pinSchema) }),
  errors: ['not-found'],
});
export const putPin = contract({
  id: 'putPin',
  method: 'PUT',
  path: '/api/workflows/:id/pins/:nodeKey',
  scope: 'edit',
  tag,
  summary: 'Pin the output of a node: draft runs take it instead of running the node',
  params: pinParams,
  body: z.strictObject({
    output: z.unknown(),
    /** The branch to take, for a node with several. Left out, the one that the output selects. */
    port: z.string().max(100).optional(),
    /** The run whose step of this node returned the output. Files in it then stay files. */
    runId: z.string().max(100).optional(),
  }),
  reply: pinSchema,
  errors: ['not-found', 'bad-request', 'redaction-refused'],
});
export const deletePin = contract({
  id: 'deletePin',
  method: 'DELETE',
  path: '/api/workflows/:id/pins/:nodeKey',
  scope: 'edit',
  tag,
  summary: 'Unpin the output of a node',
  params: pinParams,
  reply: pinSchema,
  errors: ['not-found'],
});
