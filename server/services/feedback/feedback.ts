import type { Feedback, FeedbackBody } from '@switchyard/shared/contracts/evaluation/feedback.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { readFacts } from '@switchyard/shared/run/facts/run-facts.ts';
import { rateRun } from '../../insight/rate-run.ts';
import { type RunRecord, runs } from '../../store/collections.ts';
import { type FeedbackRecord, feedback } from '../../store/evaluation/feedback-collections.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import { removedRuns } from '../../store/policy-collections.ts';
import { keepLateErrors } from '../authority/keep-label.ts';
import { actorOf, linkCaller } from '../caller.ts';
import { type Installation, type ServiceContext, timestamp } from '../context.ts';
import { openCapability } from '../directory.ts';
import { newId } from '../ids.ts';
import { redactorOf } from '../policies/enter-run.ts';
import type { PolicyInForce } from '../policies/policy-library.ts';
import { getRunRecord } from '../runs/get-run.ts';
import { readState } from '../runs/run-states.ts';

/*
 * Feedback on runs. It can come days later, and is credited to the version and the model targets that served the run. The same `by` replaces
 * its earlier feedback, and one without `by` (a person who is signed in has a name) is one for each run and channel, so a repeated request changes nothing.
 */

/** A lower score says that the outcome was wrong. */
const NEGATIVE_BELOW = 0.5;
/** The most feedback of different people on one run. */
const MOST_OF_RUN = 100;

export interface Given {
  readonly feedback: Feedback;
  /** It replaces earlier feedback of the same one. */
  readonly replaced: boolean;
}

/** Gives feedback on a run. Without `by`, a person who is signed in gives it under their name. Throws `not-found`, `payload-removed` if retention has removed the run’s data, `redaction-refused`. */
export const giveFeedback = async (context: ServiceContext, runId: string, body: FeedbackBody): Promise<Given> =>
  keep(context, await runOrRemoved(context, runId), { ...body, by: body.by ?? (context.caller.kind === 'user' ? context.caller.name : undefined) }, 'api');

/** The run. Throws `payload-removed` if retention removed it, for as long as that is known. */
async function runOrRemoved(context: ServiceContext, id: string): Promise<RunRecord> {
  const run = await context.store.get(runs, id);
  if (!run && (await context.store.get(removedRuns, id))) throw removedRun();
  return run ?? getRunRecord(context, id);
}

/** The run of a status token. Throws `not-found`. */
export async function openFeedback(installation: Installation, token: string): Promise<{ readonly context: ServiceContext; readonly record: RunRecord }> {
  const opened = await openCapability(installation, {
    collection: runs,
    field: 'statusToken',
    token,
    callerOf: ({ workspaceId }: RunRecord) => linkCaller(workspaceId, 'status URL'),
  });
  if (!opened) throw new AppError('not-found', 'Run not found. Check the status URL.');
  return opened;
}

/** The same for the holder of the status token. */
export const giveFeedbackByLink = ({ context, record }: Awaited<ReturnType<typeof openFeedback>>, body: FeedbackBody): Promise<Given> =>
  keep(context, record, body, 'link');

async function keep(context: ServiceContext, run: RunRecord, body: FeedbackBody, via: Feedback['via']): Promise<Given> {
  const { store } = context;
  const policy = run.policy === undefined ? undefined : await context.policies.byHash(store, run.policy);
  refuseRemovedRun(run, policy);
  const id = feedbackId(context, run.id, via, body.by);
  const known = await store.get(feedback, id);
  if (!known) await refuseTooMany(context, run.id);
  const said = await entered(context, run, policy, body);
  const at = timestamp(context);
  const record: FeedbackRecord = {
    id,
    workspaceId: context.workspaceId,
    runId: run.id,
    workflowId: run.workflowId,
    version: run.version,
    targets: await targetsOf(context, run),
    ...said,
    via,
    at,
    updatedAt: at,
    actor: actorOf(context.caller),
  };
  const rated = async () => {
    if (record.score !== null && record.score < NEGATIVE_BELOW) await keepLateErrors(context, run);
    await rateRun(store, run.id, context.now(), newId('fbk', context.now()));
  };
  if (!known && (await insertIfAbsent(store, feedback, record))) {
    await rated();
    return { feedback: feedbackView(record), replaced: false };
  }
  const { actor, targets } = record;
  const replaced = await store.update(feedback, id, { ...said, actor, targets, updatedAt: at });
  // Retention removed the run in between.
  if (!replaced) throw removedRun();
  await rated();
  return { feedback: feedbackView(replaced), replaced: true };
}

const feedbackId = ({ policies }: ServiceContext, runId: string, via: Feedback['via'], by: string | undefined): string =>
  `${runId}.${policies.keyedHash(by === undefined ? `anonymous ${via}` : `by ${by}`).slice(0, 24)}`;

/**
 * A run that is logged without payloads still takes feedback until its journal is removed: only what retention or an erasure removed is gone.
 */
function refuseRemovedRun({ payloadsRemovedAt, journalRemovedAt }: RunRecord, policy: PolicyInForce | undefined): void {
  if (journalRemovedAt !== undefined || (payloadsRemovedAt !== undefined && !policy?.removesPayloads)) throw removedRun();
}

const removedRun = (): AppError => new AppError('payload-removed', 'The data of this run was removed, so it no longer accepts feedback.');

async function refuseTooMany({ store }: ServiceContext, runId: string): Promise<void> {
  if ((await store.count(feedback, { where: { runId } }, MOST_OF_RUN)) < MOST_OF_RUN) return;
  throw new AppError(
    'bad-request',
    `This run has feedback from ${MOST_OF_RUN} people, which is the limit. Existing feedback can still be replaced with the same “by”.`,
  );
}

/** The feedback as the policy of the run leaves it: redacted, and without free text if the policy keeps no payloads. */
async function entered(context: ServiceContext, run: RunRecord, policy: PolicyInForce | undefined, { score, label, comment, by }: FeedbackBody) {
  const said = { score: score ?? null, label: label ?? null, comment: comment ?? null, by: by ?? null };
  if (!policy) return said;
  const redacted = await redactorOf(context, policy, { runId: run.id, workflowId: run.workflowId }).value(said);
  return policy.removesPayloads ? { ...redacted, comment: null, by: null } : redacted;
}

/** The model targets that answered in the run until now. */
async function targetsOf(context: ServiceContext, run: RunRecord): Promise<string[]> {
  const facts = run.endedAt === null ? (await readState(context, run)).facts : readFacts(run.facts);
  return facts.served.map(({ target }) => target);
}

const feedbackView = ({ workspaceId: _workspace, actor: _actor, ...view }: FeedbackRecord): Feedback => view;

/** The feedback on a run, oldest first. */
export async function listFeedback(
  context: ServiceContext,
  runId: string,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
) {
  await getRunRecord(context, runId);
  const page = await context.store.find(feedback, { where: { runId }, order: { field: 'at' }, limit, ...(cursor !== undefined && { cursor }) });
  return { items: page.items.map(feedbackView), nextCursor: page.nextCursor };
}

/** What a visitor said through the status token, without a name. */
export async function scoreByLink(context: ServiceContext, runId: string): Promise<number | null> {
  return (await context.store.get(feedback, feedbackId(context, runId, 'link', undefined)))?.score ?? null;
}
