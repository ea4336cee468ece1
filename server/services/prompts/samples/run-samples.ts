import type { PromptSample } from '@switchyard/shared/contracts/prompt-samples.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { isRemoved } from '@switchyard/shared/run/removed.ts';
import type { RunRecord } from '../../../store/collections.ts';
import type { ServiceContext } from '../../context.ts';
import { readEvents } from '../../runs/journal-events.ts';
import { findRuns } from '../../runs/list-runs.ts';

/** The newest runs of each workflow that are read, and how much of each journal. */
const MOST_RUNS = 10;
const MOST_EVENTS = 500;

const FIELDS = ['workflowName', 'createdAt', 'endedAt', 'labels', 'policy', 'payloadsRemovedAt'];

/** The values that the newest runs of a workflow filled a prompt with. Values that a run does not keep are never read (S66). */
export async function* samplesOfRuns(context: ServiceContext, workflowId: string, name: string): AsyncGenerator<PromptSample> {
  const { items } = await findRuns(context, { workflowId, limit: MOST_RUNS }, FIELDS);
  for (const run of items) {
    if (!(await keepsValues(context, run))) continue;
    for (const variables of variablesIn(await readEvents(context.store, run.id, 1, MOST_EVENTS), name)) {
      yield { source: 'run', id: run.id, from: run.workflowName, sample: null, at: run.createdAt, labels: run.labels, variables };
    }
  }
}

/** Until a run has ended, it has values that its policy may remove. */
async function keepsValues({ policies, store }: ServiceContext, { endedAt, payloadsRemovedAt, policy }: RunRecord): Promise<boolean> {
  if (endedAt === null || payloadsRemovedAt !== undefined) return false;
  return policy === undefined || (await policies.byHash(store, policy))?.removesPayloads !== true;
}

/** The variables of each step that called a model with this prompt. */
function variablesIn(events: readonly JournalEvent[], name: string): Record<string, unknown>[] {
  const inputs = new Map<string, unknown>();
  const found = new Map<string, Record<string, unknown>>();
  for (const event of events) {
    if (event.type === 'step-started') inputs.set(event.stepId, event.input);
    if (event.type !== 'call-finished' && event.type !== 'call-failed') continue;
    const { record, stepId } = event;
    const input = inputs.get(stepId);
    if (record?.kind !== 'model' || record.prompt?.name !== name || !isPlainObject(input)) continue;
    const { variables } = input;
    // A large value is stored separately, and is too long for a sample.
    if (isPlainObject(variables) && !Object.values(variables).some(isRemoved)) found.set(stepId, variables);
  }
  return [...found.values()];
}
