import { cleanGraph } from '@switchyard/shared/sharing/clean-graph.ts';
import type { IncludedTrigger } from '@switchyard/shared/sharing/included.ts';
import { type FromN8n, fromN8n } from '@switchyard/shared/sharing/n8n/convert.ts';
import { repairGraph } from '@switchyard/shared/sharing/repair-graph.ts';
import { ownTurn } from '../../turns.ts';
import { services } from '../connections/service-catalog.ts';
import type { ServiceContext } from '../context.ts';
import { checkSchedule } from '../triggers/schedule/due-times.ts';
import { type Created, createFrom } from './create-from.ts';

interface FromAnotherTool extends Omit<Created, 'notes'> {
  readonly notes: (string | FromN8n['notes'][number])[];
  readonly carriedOver: { readonly nodes: number; readonly carriedOver: number };
}

/** Whether a schedule can be created here. */
function isKnown({ now }: ServiceContext, trigger: IncludedTrigger): boolean {
  try {
    if (trigger.kind === 'schedule') checkSchedule(trigger, now());
    return true;
  } catch {
    return false;
  }
}

/** Creates a workflow from an export of n8n. Nothing in it runs, and no credential is taken over. */
export async function importN8n(context: ServiceContext, sent: unknown): Promise<FromAnotherTool> {
  const { name, graph: made, notes, nodes, carriedOver, triggers: found } = fromN8n(sent, services);
  await ownTurn();
  const repaired = repairGraph(made, context.catalog);
  const graph = cleanGraph(repaired.graph, { catalog: context.catalog, connectionName: (reference) => reference });
  const triggers = found.filter((trigger) => isKnown(context, trigger));
  const lost = found.length - triggers.length;
  const { workflow } = await createFrom(context, { name, description: '', graph, triggers });
  const ofTriggers = lost === 0 ? [] : [`${lost === 1 ? 'A schedule has' : `${lost} schedules have`} an invalid cron expression. Add it under Triggers.`];
  return { workflow, notes: [...notes, ...ofTriggers, ...repaired.notes], carriedOver: { nodes, carriedOver } };
}
