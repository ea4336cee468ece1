import { z } from 'zod';
import { contract, moment } from './contract.ts';
import { reason } from './prompts.ts';

/** Runs that were open when the installation was restored from a backup. They are not driven until they are released. */
export const heldRunsSchema = z.object({
  /** How many runs are held. While they are being released, how many are left. */
  count: z.number().int(),
  /** When the backup was made. Null if no runs are held. */
  backupAt: moment.nullable(),
  restoredAt: moment.nullable(),
  releasedAt: moment.nullable(),
});
export type HeldRuns = z.infer<typeof heldRunsSchema>;

const tag = 'Runs';

export const getHeldRuns = contract({
  id: 'getHeldRuns',
  method: 'GET',
  path: '/api/held-runs',
  scope: 'read',
  tag,
  summary: 'Get how many runs are held since the installation was restored from a backup',
  reply: heldRunsSchema,
});
export const releaseHeldRuns = contract({
  id: 'releaseHeldRuns',
  method: 'POST',
  path: '/api/held-runs/release',
  scope: 'admin',
  tag,
  summary: 'Continue the runs that are held since a restore; what they did after the backup may happen again',
  body: z.strictObject({ reason }).optional(),
  reply: heldRunsSchema,
});
