import { chatSettings, formSettings } from '@switchyard/shared/contracts/triggers/hosted-pages.ts';
import { scheduleSettings } from '@switchyard/shared/contracts/triggers/triggers.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { type IncludedTrigger, MOST_TRIGGERS, orderedTrigger } from '@switchyard/shared/sharing/included.ts';
import { triggers } from '../../store/triggers/trigger-collections.ts';
import type { ServiceContext } from '../context.ts';
import { canonicalJson } from '../workflows/content-hash.ts';
import { checkSchedule } from './schedule/due-times.ts';
import { insertTrigger } from './triggers.ts';

/* The schedules, forms, and chat pages of a workflow, out to a file and in from one (S53a). In a copy they are off, and pages have URLs of their own. */

/** The schedules and pages of a workflow, in an order that depends only on their content. */
export async function includedTriggers({ store }: Pick<ServiceContext, 'store'>, workflowId: string): Promise<IncludedTrigger[]> {
  const { items } = await store.find(triggers, { where: { workflowId }, order: { field: 'createdAt' }, limit: MOST_TRIGGERS });
  const found = items.flatMap(({ kind, settings }): IncludedTrigger[] => {
    if (kind === 'schedule') return [{ kind, ...scheduleSettings.parse(settings) }];
    if (kind === 'form') return [{ kind, ...formSettings.parse(settings) }];
    return kind === 'chat' ? [{ kind, ...chatSettings.parse(settings) }] : [];
  });
  return found
    .map((trigger) => ({ trigger, text: canonicalJson(orderedTrigger(trigger)) }))
    .sort((one, two) => (one.text < two.text ? -1 : 1))
    .map(({ trigger }) => trigger);
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

/** Creates the triggers of an imported workflow, turned off. */
export async function createIncludedTriggers(context: ServiceContext, workflowId: string, given: readonly IncludedTrigger[], reason: string): Promise<void> {
  for (const trigger of given) await insertTrigger(context, workflowId, { ...trigger, enabled: false, reason });
}
