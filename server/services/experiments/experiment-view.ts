import type { Experiment, ExperimentResult } from '@switchyard/shared/contracts/evaluation/experiments.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { readActor } from '@switchyard/shared/run/actor.ts';
import { clopperPearson } from '../../evaluation/statistics/proportion.ts';
import { type ExperimentRecord, type ExperimentResultRecord, experiments } from '../../store/evaluation/experiment-collections.ts';
import type { WorkspaceStore } from '../../store/port.ts';

/** Throws `not-found`. */
export async function experimentRecordOf(store: Pick<WorkspaceStore, 'get'>, id: string): Promise<ExperimentRecord> {
  const record = await store.get(experiments, id);
  if (!record) throw new AppError('not-found', `Experiment “${id}” not found.`);
  return record;
}

/** An experiment as the API shows it. */
export function experimentView(record: ExperimentRecord): Experiment {
  const { id, name, subject, label, runsOf, datasetId, datasetName, graders, summary, items } = record;
  const { counts, score, graderScores, costMicros, unknownPrice, medianMs } = summary;
  const { allow, trials, concurrency, maxCostMicros, status, pause, error, ranOn, createdAt, startedAt, endedAt } = record;
  return {
    id,
    name,
    subject,
    label,
    workflowId: runsOf.id === id ? null : runsOf.id,
    dataset: { id: datasetId, name: datasetName },
    graders,
    allow,
    trials,
    concurrency,
    maxCostMicros,
    status,
    pause,
    error,
    items,
    counts: { open: items - counts.graded - counts.errored - counts.stopped, ...counts },
    score,
    passInterval: counts.graded === 0 ? null : clopperPearson(counts.passed, counts.graded),
    graderScores: graders.map((grader, index) => ({
      label: graderLabel(grader),
      kind: grader.kind,
      score: graderScores[index]?.score ?? null,
      passed: graderScores[index]?.passed ?? 0,
    })),
    costMicros,
    unknownPrice,
    medianMs,
    ranOn,
    createdAt,
    startedAt,
    endedAt,
    actor: readActor(record.actor),
  };
}

const KIND_LABELS: Readonly<Record<Experiment['graders'][number]['kind'], string>> = {
  exact: 'Exact',
  contains: 'Contains',
  pattern: 'Pattern',
  schema: 'Schema',
  fields: 'Field by field',
  number: 'Number',
  similarity: 'Text similarity',
  model: 'Model as judge',
  code: 'Code',
  person: 'Person',
};

/** The name of a grader in results. */
export const graderLabel = ({ name, kind }: Experiment['graders'][number]): string => name ?? KIND_LABELS[kind];

export const resultView = ({
  id: _id,
  workspaceId: _workspace,
  experimentId: _experiment,
  cluster: _cluster,
  rank: _rank,
  mayPass: _mayPass,
  ...shown
}: ExperimentResultRecord): ExperimentResult => shown;
