import type { gradeExperimentResult as gradeContract } from '@switchyard/shared/contracts/evaluation/experiment-results.ts';
import type { ExperimentResult } from '@switchyard/shared/contracts/evaluation/experiments.ts';
import type { GradeOutcome } from '@switchyard/shared/contracts/evaluation/graders.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import type { z } from 'zod';
import { type ExperimentRecord, type ExperimentResultRecord, experimentResults } from '../../store/evaluation/experiment-collections.ts';
import type { ServiceContext } from '../context.ts';
import { judgeOutput, judgmentOf } from '../datasets/judgments.ts';
import { experimentRecordOf, resultView } from './experiment-view.ts';
import { outputOf } from './experiments.ts';
import { resultOf } from './item-result.ts';
import { refreshSummary, resultId } from './results.ts';

/*
 * Grades results as a person (S81). Invariant: a person’s grade is the newest judgment of that output, so grading twice, or two people at once,
 * leaves what the stored judgments say.
 */

/** Throws `not-found`, `bad-request` if no grader is a person, `payload-removed` if there is no output, and what `judgeOutput` throws. */
export async function gradeResult(
  context: ServiceContext,
  id: string,
  index: number,
  { trial, verdict, reason }: z.output<(typeof gradeContract)['body']>,
): Promise<ExperimentResult> {
  const { store, workspaceId } = context;
  const record = await experimentRecordOf(store, id);
  if (!record.graders.some(({ kind }) => kind === 'person')) throw new AppError('bad-request', `No grader of “${record.name}” is a person.`);
  const result = await resultAt(context, record, index);
  const output = await outputOf(context, result.trials[trial]?.runId);
  if (output === undefined) throw new AppError('payload-removed', 'This trial has no output to grade, or its data was removed.');
  await judgeOutput(context, record.datasetId, result.itemId, { output, verdict, reason });
  const graded = await withJudgments(context, record, index);
  await refreshSummary(store, id);
  context.changed.experiments(workspaceId);
  return resultView(graded);
}

async function resultAt({ store }: ServiceContext, { id, name }: ExperimentRecord, index: number): Promise<ExperimentResultRecord> {
  const result = await store.get(experimentResults, resultId(id, index));
  if (!result) throw new AppError('not-found', `Item ${index + 1} of “${name}” has no result yet.`);
  return result;
}

/** Replaces the grades of people by the stored judgments. */
async function withJudgments(context: ServiceContext, record: ExperimentRecord, index: number): Promise<ExperimentResultRecord> {
  for (;;) {
    const result = await resultAt(context, record, index);
    const trials = await Promise.all(result.trials.map(async (trial) => ({ ...trial, grades: await judged(context, record, result.itemId, trial) })));
    // A trial without an output has no grades: it keeps the item left out.
    const isWhole = trials.every(({ grades }) => grades.length === record.graders.length);
    const changes = isWhole ? resultOf(trials, record.graders.length) : { trials };
    const { rank, status, reason } = result;
    const changed = await context.store.update(experimentResults, result.id, changes, { equal: { rank, status, reason } });
    if (changed) return changed;
  }
}

async function judged(
  context: ServiceContext,
  { graders }: ExperimentRecord,
  itemId: string,
  { runId, grades }: ExperimentResultRecord['trials'][number],
): Promise<GradeOutcome[]> {
  const output = await outputOf(context, runId);
  const judgment = output === undefined ? undefined : await judgmentOf(context.store, itemId, output);
  return grades.map((grade, index) => (graders[index]?.kind === 'person' && judgment ? judgment : grade));
}
