import { z } from 'zod';
import { errorCodes } from '../errors.ts';
import { contract, moment, pageQuery } from './contract.ts';
import { reason } from './prompts.ts';
import { runFilterFields } from './runs.ts';

const { status: _status, ...filter } = runFilterFields;
const tag = 'Runs';

export const countFailedRuns = contract({
  id: 'countFailedRuns',
  method: 'GET',
  path: '/api/reruns/count',
  scope: 'read',
  tag,
  summary: 'Count the failed runs of a filter that have not been rerun together with others',
  query: z.strictObject(filter),
  reply: z.object({
    count: z.number().int(),
    /** There are more than were counted. */
    more: z.boolean(),
    /** The end of the counted time. Send it with the reruns: failed reruns are then left out. */
    to: moment,
  }),
  errors: ['bad-request'],
});

export const rerunFailedRuns = contract({
  id: 'rerunFailedRuns',
  method: 'POST',
  path: '/api/reruns',
  scope: 'run',
  tag,
  summary: 'Rerun the next failed runs of a filter, each at most once; repeat with `nextCursor` until `done`',
  body: z.strictObject({
    ...filter,
    to: moment,
    cursor: pageQuery.cursor,
    limit: z.number().int().min(1).max(50).default(20),
    reason,
  }),
  reply: z.object({
    started: z.array(z.object({ runId: z.string(), rerunId: z.string() })),
    /** Runs that were already rerun this way. */
    skipped: z.number().int(),
    failed: z.array(z.object({ runId: z.string(), code: z.enum(errorCodes), message: z.string() })),
    done: z.boolean(),
    nextCursor: z.string().nullable(),
    /** The server is at capacity: wait this long, then continue. */
    retryAfterMs: z.number().optional(),
  }),
  errors: ['bad-request', 'not-ready'],
});
