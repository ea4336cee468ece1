import { AppError } from '@switchyard/shared/errors.ts';
import { type IncludedTrigger, includedTriggerSchema, MOST_TRIGGERS, orderedTrigger } from '@switchyard/shared/sharing/included.ts';
import { isLeftOut, leftOut } from '@switchyard/shared/sharing/left-out.ts';
import { triggers } from '../../store/triggers/trigger-collections.ts';
import type { ServiceContext } from '../context.ts';
import { canonicalJson } from '../workflows/content-hash.ts';
import { checkSchedule } from './schedule/due-times.ts';
import { insertTrigger } from './triggers.ts';

/* The triggers of a workflow, out to a file and in from one (S53a). In a copy they are off, and pages have URLs of their own. */

/** The triggers of a workflow, oldest first. */
export async function includedTriggers({ store }: Pick<ServiceContext, 'store'>, workflowId: string): Promise<IncludedTrigger[]> {
  const { items } = await store.find(triggers, { where: { workflowId }, order: { field: 'createdAt' }, limit: MOST_TRIGGERS });
  return items.map(({ kind, settings }) => includedTriggerSchema.parse({ kind, ...settings }));
}

/** Throws `bad-request` with the path of a schedule that is invalid or never due. */
export function checkIncludedTriggers({ now }: Pick<ServiceContext, 'now'>, sent: readonly IncludedTrigger[]): void {
  for (const [index, trigger] of sent.entries()) {
    if (trigger.kind !== 'schedule') continue;
    try {
      checkSchedule(trigger, now());
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      throw new AppError('bad-request', `Invalid trigger: triggers.${index}: ${thrown.message} Nothing was imported.`, {
        fields: thrown.fields.map((field) => ({ ...field, path: `triggers.${index}.${field.path}` })),
      });
    }
  }
}

/** The same triggers as shared: with the name of each connection instead of its ID, in an order that depends only on their content. */
export const sharedTriggers = (given: readonly IncludedTrigger[], nameOf: (connectionId: string) => string): IncludedTrigger[] =>
  given
    .map((trigger): IncludedTrigger => {
      if (trigger.kind !== 'queue' || isLeftOut(trigger.source.connectionId)) return trigger;
      return { ...trigger, source: { ...trigger.source, connectionId: leftOut(nameOf(trigger.source.connectionId)) } };
    })
    .map((trigger) => ({ trigger, text: canonicalJson(orderedTrigger(trigger)) }))
    .sort((one, two) => (one.text < two.text ? -1 : 1))
    .map(({ trigger }) => trigger);

/** Creates the triggers of an imported workflow, turned off. What they watch or read is checked when they are turned on. */
export async function createIncludedTriggers(context: ServiceContext, workflowId: string, given: readonly IncludedTrigger[], reason: string): Promise<void> {
  for (const trigger of given) await insertTrigger(context, workflowId, { ...trigger, enabled: false, reason }, false);
}
