import { writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { addDatasetItem, createDataset } from '@switchyard/shared/contracts/evaluation/datasets.ts';
import * as contracts from '@switchyard/shared/contracts/evaluation/experiments.ts';
import { importPrompts } from '@switchyard/shared/contracts/prompt-files.ts';
import { importWorkflow } from '@switchyard/shared/contracts/sharing.ts';
import { callOn, type ServerCall } from '../call-server.ts';
import { say } from '../output.ts';
import { openInstallation } from '../throwaway-server.ts';
import { type EvalFile, type EvalSubject, readEvalFile } from './eval-file.ts';
import { judge } from './judge.ts';
import { junit } from './junit.ts';

const POLL_MS = 200;
const PAGE = 500;

export interface EvalOptions {
  /** A server to run on. By default, an installation of its own that is removed afterwards. */
  readonly url?: string | undefined;
  readonly token?: string | undefined;
  /** Where to write a JUnit report. */
  readonly junit?: string | undefined;
  /** API keys of model providers, for an installation of its own. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Runs the experiment of a file and judges it by its thresholds. Returns whether all hold. */
export async function evalFile(path: string, { url, token, junit: report, env }: EvalOptions): Promise<boolean> {
  const file = readEvalFile(path);
  if (url !== undefined) return evaluate(file, callOn(url, token), report);
  await using own = await openInstallation(env);
  // Awaited here: the installation ends with this function.
  return await evaluate(file, callOn(own.address), report);
}

async function evaluate(file: EvalFile, call: ServerCall, report: string | undefined): Promise<boolean> {
  if (file.prompts !== undefined) await call(importPrompts, { body: file.read(file.prompts) });
  const datasetId = 'id' in file.dataset ? file.dataset.id : await datasetOf(file, file.dataset.items, call);
  const experiment = await run(file, file.subject, datasetId, call);
  const baseline = file.baseline && (await run(file, file.baseline, datasetId, call));
  const comparison = baseline && (await call(contracts.compareExperiments, { params: { id: experiment.id, other: baseline.id } }));
  const results = await resultsOf(experiment.id, call);
  const checks = judge(experiment, comparison, file.thresholds);
  for (const result of results)
    if (result.status !== 'graded' || !result.passed) say(`${WORDS[result.status]} ${result.index + 1}: ${result.title} – ${result.reason}`);
  for (const { name, holds, said } of checks) say(`${holds ? 'ok    ' : 'FAILED'} ${name}: ${said}`);
  if (comparison) say(`       ${comparison.detail}`);
  if (report !== undefined) writeFileSync(report, junit(file.name, checks, results));
  return checks.every(({ holds }) => holds);
}

const WORDS = { graded: 'FAILED', errored: 'ERROR ', stopped: 'STOPPED' } as const;

/** A dataset of the items of the file. Its name is free: names are unique. */
async function datasetOf({ name }: EvalFile, items: readonly object[], call: ServerCall): Promise<string> {
  const { id } = await call(createDataset, { body: { name: `${name.slice(0, 60)} ${new Date().toISOString()}` } });
  for (const item of items) await call(addDatasetItem, { params: { id }, body: contentOf(item) });
  return id;
}

/** An exported item has more than its content. */
function contentOf(item: object): Record<string, unknown> {
  const fields = ['input', 'expected', 'decision', 'recorded', 'tags'];
  return Object.fromEntries(Object.entries(item).filter(([name, value]) => fields.includes(name) && value !== undefined));
}

async function run(file: EvalFile, subject: EvalSubject, datasetId: string, call: ServerCall): Promise<contracts.Experiment> {
  const { name, graders, allow, trials, concurrency, maxCostMicros } = file;
  const body = {
    name,
    subject: await subjectOf(file, subject, call),
    datasetId,
    graders,
    allow,
    trials,
    concurrency,
    ...(maxCostMicros !== undefined && { maxCostMicros }),
  };
  const { id } = await call(contracts.createExperiment, { body });
  for (;;) {
    const now = await call(contracts.getExperiment, { params: { id } });
    if (now.status !== 'queued' && now.status !== 'running') return now;
    await pause(POLL_MS);
  }
}

async function subjectOf(file: EvalFile, subject: EvalSubject, call: ServerCall): Promise<contracts.Subject> {
  if (!('file' in subject)) return subject;
  const { workflow } = await call(importWorkflow, { body: file.read(subject.file) });
  return { kind: 'workflow', workflowId: workflow.id, version: 'draft' };
}

async function resultsOf(id: string, call: ServerCall): Promise<contracts.ExperimentResult[]> {
  const found: contracts.ExperimentResult[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: { items: contracts.ExperimentResult[]; nextCursor: string | null } = await call(contracts.listExperimentResults, {
      params: { id },
      query: { limit: PAGE, order: 'item', ...(cursor !== '' && { cursor }) },
    });
    found.push(...page.items);
    cursor = page.nextCursor;
  }
  return found;
}
