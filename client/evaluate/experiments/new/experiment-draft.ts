import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import type { createExperiment, Experiment } from '@switchyard/shared/contracts/evaluation/experiments.ts';
import type { GraderDraft } from './grader-draft.ts';
import { draftOfGrader, graderOf, newGrader } from './grader-draft.ts';

type Body = BodyOf<typeof createExperiment>;

/** A new experiment while it is being set up. */
export interface ExperimentDraft {
  readonly name: string;
  readonly kind: 'workflow' | 'prompt' | 'route';
  readonly workflowId: string | null;
  readonly version: 'draft' | number;
  /** Of a prompt or a route. */
  readonly subject: string | null;
  readonly promptVersion: number | null;
  readonly route: string;
  readonly message: string;
  /** A route takes the place of this one in the workflow. Empty: it answers `message`. */
  readonly instead: string;
  readonly datasetId: string | null;
  readonly graders: readonly GraderDraft[];
  readonly allow: string;
  readonly limit: number | null;
  readonly trials: number;
}

const DEFAULT_LIMIT = 2;

/** Starts with the graders of the latest experiment, so the two can be compared. */
export const newDraft = (latest: Experiment | undefined): ExperimentDraft => ({
  name: '',
  kind: 'workflow',
  workflowId: latest?.workflowId ?? null,
  version: 'draft',
  subject: null,
  promptVersion: null,
  route: 'careful',
  message: '{{ input.message }}',
  instead: '',
  datasetId: latest?.dataset.id ?? null,
  graders: latest ? latest.graders.map(draftOfGrader) : [newGrader('exact')],
  allow: latest?.allow.join(', ') ?? '',
  limit: DEFAULT_LIMIT,
  trials: 1,
});

function subjectOf(draft: ExperimentDraft): Body['subject'] | undefined {
  const { kind, workflowId, version, subject, promptVersion, route, message, instead } = draft;
  if (kind === 'workflow') return workflowId === null ? undefined : { kind, workflowId, version };
  if (subject === null) return undefined;
  if (kind === 'prompt') return { kind, name: subject, route, ...(promptVersion !== null && { version: promptVersion }) };
  if (instead === '') return message.trim() === '' ? undefined : { kind, name: subject, message };
  return workflowId === null ? undefined : { kind, name: subject, in: { workflowId, version, instead } };
}

/** What to send. Undefined until everything needed is chosen. */
export function bodyOf(draft: ExperimentDraft): Body | undefined {
  const subject = subjectOf(draft);
  const graders = draft.graders.map(graderOf);
  const { datasetId, limit, trials, allow, name } = draft;
  if (!subject || datasetId === null || name.trim() === '' || graders.length === 0 || graders.includes(undefined)) return undefined;
  return {
    name,
    subject,
    datasetId,
    graders: graders.filter((grader) => grader !== undefined),
    allow: allow.split(',').flatMap((key) => (key.trim() === '' ? [] : [key.trim()])),
    trials,
    ...(limit !== null && { maxCostMicros: limit * 1e6 }),
  };
}
