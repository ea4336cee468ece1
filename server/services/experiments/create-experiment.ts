import type { createExperiment as createExperimentContract, Experiment, Subject } from '@switchyard/shared/contracts/evaluation/experiments.ts';
import { DEFAULT_RETENTION } from '@switchyard/shared/contracts/policies.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import type { z } from 'zod';
import { type ExperimentRecord, experimentItems, experiments } from '../../store/evaluation/experiment-collections.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import { retentionProgress } from '../../store/policy-collections.ts';
import { actorOf } from '../caller.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { freezeItems } from '../datasets/frozen-items.ts';
import { newId } from '../ids.ts';
import { findPrompt, versionRecordOf } from '../prompts/prompt-versions.ts';
import { findRoute } from '../routes/change-route.ts';
import { runnable } from '../runs/start-run.ts';
import { contentHash } from '../workflows/content-hash.ts';
import { freezeGraph, refuseProblems } from '../workflows/frozen-graph.ts';
import { getWorkflowRecord } from '../workflows/workflow-record.ts';
import { ITEMS_IN_PART } from './experiment-items.ts';
import { experimentView } from './experiment-view.ts';
import { promptGraph, routeGraph, withRoute } from './subject-graph.ts';

/** What of a subject is fixed when the experiment is created. */
interface FrozenSubject {
  readonly subject: Subject;
  readonly label: string;
  readonly graphHash: string;
  readonly promptVersion: number | null;
  /** Undefined: the runs belong to no workflow. */
  readonly workflow?: ExperimentRecord['runsOf'];
}

type NewExperiment = z.output<typeof createExperimentContract.body>;

/**
 * Creates an experiment with everything it runs on: the graph, the prompt version, and the list of item versions. Any process may then drive it.
 * Throws `not-found`, `graph-has-problems`, `bad-request`.
 */
export async function createExperiment(context: ServiceContext, body: NewExperiment): Promise<Experiment> {
  const { store, workspaceId } = context;
  const id = newId('exp', context.now());
  const { dataset, itemVersions } = await freezeItems(context, body.datasetId, body.items);
  if (itemVersions.length === 0) throw new AppError('bad-request', `“${dataset.name}” has no ${body.items ? 'such ' : ''}items yet. Add some first.`);
  const { workflow, ...frozen } = await freezeSubject(context, body.subject);
  if (!workflow) await keepRunsFor(context, id);
  for (let part = 0; part * ITEMS_IN_PART < itemVersions.length; part++) {
    const versions = itemVersions.slice(part * ITEMS_IN_PART, (part + 1) * ITEMS_IN_PART);
    await store.insert(experimentItems, { id: `${id}:${part}`, workspaceId, itemVersions: versions });
  }
  const record: ExperimentRecord = {
    id,
    workspaceId,
    name: body.name,
    subject: frozen.subject,
    label: frozen.label,
    runsOf: workflow ?? { id, name: body.name, version: 'draft' },
    datasetId: dataset.id,
    datasetName: dataset.name,
    graders: body.graders,
    allow: body.allow,
    trials: body.trials,
    concurrency: body.concurrency,
    maxCostMicros: body.maxCostMicros ?? null,
    status: 'queued',
    pause: null,
    error: null,
    items: itemVersions.length,
    summary: {
      counts: { graded: 0, passed: 0, errored: 0, stopped: 0, retryable: 0 },
      score: null,
      graderScores: body.graders.map(() => ({ score: null, passed: 0 })),
      costMicros: 0,
      unknownPrice: 0,
      medianMs: null,
    },
    ranOn: { graphHash: frozen.graphHash, itemsHash: contentHash(itemVersions), promptVersion: frozen.promptVersion },
    createdAt: timestamp(context),
    startedAt: null,
    endedAt: null,
    actor: actorOf(context.caller),
    driver: null,
  };
  await store.insert(experiments, record);
  context.changed.experiments(workspaceId);
  return experimentView(record);
}

/** Data of runs without a workflow is removed by age, too (S66a). */
async function keepRunsFor({ store, workspaceId }: ServiceContext, id: string): Promise<void> {
  const none = new Date(0).toISOString();
  await insertIfAbsent(store, retentionProgress, {
    id,
    workspaceId,
    retention: DEFAULT_RETENTION,
    payloadsTo: none,
    journalsTo: none,
    summariesTo: none,
  });
}

async function freezeSubject(context: ServiceContext, subject: Subject): Promise<FrozenSubject> {
  if (subject.kind === 'workflow') {
    const { graphHash, workflow } = await freezeWorkflow(context, subject);
    return { subject, label: versionLabel(workflow.version), graphHash, promptVersion: null, workflow };
  }
  if (subject.kind === 'prompt') return freezePrompt(context, subject);
  await findRoute(context.store, subject.name);
  if (subject.in) {
    const { workflowId, version, instead } = subject.in;
    const { graph, workflow } = await freezeWorkflow(context, { workflowId, version });
    const changed = withRoute(graph, instead, subject.name);
    if (!changed) throw new AppError('bad-request', `No node of “${workflow.name}” uses the route “${instead}”.`);
    const label = `${versionLabel(workflow.version)} with ${subject.name}`;
    return { subject, label, graphHash: await freezeChecked(context, changed), promptVersion: null, workflow };
  }
  return { subject, label: subject.name, graphHash: await freezeChecked(context, routeGraph(subject)), promptVersion: null };
}

const versionLabel = (version: 'draft' | number): string => (version === 'draft' ? 'Draft' : `v${version}`);

async function freezeWorkflow(context: ServiceContext, { workflowId, version }: { readonly workflowId: string; readonly version: 'draft' | number }) {
  const record = await getWorkflowRecord(context, workflowId);
  const { graph, hash, number } = await runnable(context, record, version);
  return { graph, graphHash: hash, workflow: { id: record.id, name: record.name, version: number } };
}

async function freezePrompt(context: ServiceContext, subject: Extract<Subject, { kind: 'prompt' }>): Promise<FrozenSubject> {
  const prompt = await findPrompt(context, subject.name);
  await findRoute(context.store, subject.route);
  const content = await versionRecordOf(context, prompt, subject.version ?? prompt.latestVersion);
  const graph = promptGraph(subject, { version: content.number, schema: content.variables, hasSchema: content.outputSchema !== undefined });
  return {
    subject: { ...subject, version: content.number },
    label: `${subject.name} v${content.number}`,
    graphHash: await freezeChecked(context, graph),
    promptVersion: content.number,
  };
}

async function freezeChecked(context: ServiceContext, graph: Parameters<typeof freezeGraph>[1]): Promise<string> {
  await refuseProblems(context, graph, 'run this experiment');
  return (await freezeGraph(context, graph)).hash;
}
