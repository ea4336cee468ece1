import type { Gate } from '@switchyard/shared/contracts/evaluation/releases.ts';
import { versions } from '../../../store/collections.ts';
import { type ExperimentRecord, experiments } from '../../../store/evaluation/experiment-collections.ts';
import type { ServiceContext } from '../../context.ts';
import { freezeItems } from '../../datasets/frozen-items.ts';
import { createExperiment } from '../../experiments/create-experiment.ts';
import { contentHash } from '../../workflows/content-hash.ts';

/* Finds or starts the experiment that decides about a version at a gate. */

/** Items of the other split may have been used to improve the version (S80). */
const ITEMS = { split: 'gate' } as const;
/** Experiments on the dataset that are looked at for one that fits. */
const MOST_SEEN = 200;
const OPEN: ReadonlySet<string> = new Set(['queued', 'running', 'finished']);

/** Whether one will not change anymore. */
export const hasEnded = ({ status }: Pick<ExperimentRecord, 'status'>): boolean => status === 'finished' || status === 'failed' || status === 'cancelled';

/** The newest experiment on the same graph, items, and graders that has finished or is in progress, or a new one. Throws `not-found` for the dataset. */
export async function gateExperiment(
  context: ServiceContext,
  gate: Gate,
  workflow: { readonly id: string; readonly version: number },
): Promise<{ readonly id: string; readonly items: number } | undefined> {
  const { itemVersions } = await freezeItems(context, gate.datasetId, ITEMS);
  if (itemVersions.length === 0) return undefined;
  const items = itemVersions.length;
  const [itemsHash, graders] = [contentHash(itemVersions), contentHash(gate.graders)];
  const version = await context.store.get(versions, `${workflow.id}:${workflow.version}`);
  const { items: known } = await context.store.find(experiments, {
    where: { datasetId: gate.datasetId },
    order: { field: 'createdAt', descending: true },
    limit: MOST_SEEN,
  });
  const fitting = known.filter(
    ({ subject, ranOn, runsOf, graders: used, status }) =>
      subject.kind === 'workflow' &&
      runsOf.id === workflow.id &&
      ranOn.graphHash === version?.graphHash &&
      ranOn.itemsHash === itemsHash &&
      contentHash(used) === graders &&
      OPEN.has(status),
  );
  const chosen = fitting.find(({ status }) => status === 'finished') ?? fitting[0];
  if (chosen) return { id: chosen.id, items };
  const { id } = await createExperiment(context, {
    name: `Gate of v${workflow.version}`,
    subject: { kind: 'workflow', workflowId: workflow.id, version: workflow.version },
    datasetId: gate.datasetId,
    items: ITEMS,
    graders: gate.graders,
    allow: [],
    trials: 1,
    concurrency: 8,
  });
  return { id, items };
}
