import { randomBytes } from 'node:crypto';
import { AppError } from '@switchyard/shared/errors.ts';
import type { Secrets } from '../../../secrets/secrets.ts';
import { webhooks } from '../../../store/collections.ts';
import { type ServiceContext, timestamp } from '../../context.ts';
import { getWorkflowRecord } from '../../workflows/workflow-record.ts';

/** The additional authenticated data of the secret that signs the calls of a workflow. */
export const completionSealName = (workflowId: string): string => `completion:${workflowId}`;

export function newCompletionSecret(secrets: Pick<Secrets, 'seal'>, workflowId: string): { secret: string; sealed: string } {
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  return { secret, sealed: secrets.seal(secret, completionSealName(workflowId)) };
}

/** Replaces the secret. It is returned only here. */
export async function makeCompletionSecret(context: ServiceContext, secrets: Pick<Secrets, 'seal'>, workflowId: string): Promise<{ secret: string }> {
  await getWorkflowRecord(context, workflowId);
  const { secret, sealed } = newCompletionSecret(secrets, workflowId);
  const changed = await context.store.update(webhooks, workflowId, { completionSecret: sealed, updatedAt: timestamp(context) });
  if (!changed) throw new AppError('not-found', 'This workflow has no webhook.', { place: { workflowId } });
  return { secret };
}
