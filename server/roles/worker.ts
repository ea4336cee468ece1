import { catalog, definitionOf } from '@switchyard/nodes/catalog.ts';
import { validateJson } from '@switchyard/shared/json-schema/validate.ts';
import type { Config } from '../config.ts';
import { createEngine } from '../engine/engine.ts';
import type { Engine } from '../engine/engine-api.ts';
import type { EnginePorts } from '../engine/ports.ts';
import { createEnginePorts } from '../engine-adapter/engine-ports.ts';
import { startHousekeeping } from '../housekeeping.ts';
import { tidyRollUps } from '../insight/roll-ups/frozen-roll-ups.ts';
import { createRollUpJob } from '../insight/roll-ups/roll-up-job.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { createJobLease } from '../ownership/job-lease.ts';
import { createRuleJob } from '../services/alert-rules/rule-job.ts';
import { tidyOpenings } from '../services/alert-rules/tidy-openings.ts';
import { createAlerts } from '../services/alerts/alerts.ts';
import { createNoticePost } from '../services/alerts/send-alert.ts';
import { createAuthorityJob } from '../services/authority/authority-job.ts';
import { callbackToken } from '../services/callbacks/callback-token.ts';
import { settleChanges } from '../services/changes/settle-changes.ts';
import { forgetPendingSignIns } from '../services/connections/sign-in-flow.ts';
import { tidyDatasets } from '../services/datasets/tidy-datasets.ts';
import { coverFrom } from '../services/evidence/covered-since.ts';
import { closeDays } from '../services/evidence/days/close-days.ts';
import { sendNewestHead } from '../services/evidence/days/send-head.ts';
import { createExperimentJob } from '../services/experiments/experiment-job.ts';
import { startReleases } from '../services/held-runs/release-runs.ts';
import { startAborts } from '../services/kill-switches/abort-runs.ts';
import { watchDeadCallers } from '../services/money/dead-callers.ts';
import { createEndedRuns, type EndedRuns } from '../services/policies/ended-runs.ts';
import { createPromptLibrary } from '../services/prompts/prompt-library.ts';
import { createReleaseWatch, type ReleaseWatchParts } from '../services/releases/release-watch.ts';
import { createShadowJob } from '../services/releases/shadows/shadow-job.ts';
import { createReplayJob } from '../services/replays/replay-job.ts';
import { applyRetention, forgetRemovedRuns } from '../services/retention/retention.ts';
import { releaseAllReviews } from '../services/reviews/budget-reviews.ts';
import { completeDecisions } from '../services/reviews/complete-decisions.ts';
import type { RunStarting } from '../services/runs/accept-run.ts';
import { startChild } from '../services/runs/start-child.ts';
import { tidyState } from '../services/state/tidy-state.ts';
import { tidyTables } from '../services/tables/tidy-tables.ts';
import { forgetOldConversations } from '../services/triggers/chat/conversations.ts';
import { createEndedTriggers } from '../services/triggers/ended/ended-triggers.ts';
import { forgetOldDeliveries } from '../services/triggers/note-delivery.ts';
import { createQueues } from '../services/triggers/queue/queues.ts';
import { createSchedules } from '../services/triggers/schedule/schedules.ts';
import { freeOldKeys } from '../services/webhooks/call-keys.ts';
import { type CompletionJobParts, createCompletionJob } from '../services/webhooks/completions/completion-job.ts';
import { forgetOldCompletions } from '../services/webhooks/completions/completions.ts';
import { createBodyRoom } from '../services/webhooks/overload.ts';
import { purgeWorkflows } from '../services/workflows/purge-workflows.ts';
import { createBlobSweep } from '../store/blob-sweep.ts';
import { createPayloads } from '../store/payloads.ts';
import type { Tracing } from '../tracing/tracing.ts';
import type { Foundation } from './foundation.ts';
import { workspaces } from './workspaces.ts';

/*
 * The role that drives runs. Owns the engine and the periodic jobs. It announces what it does to the web role over the bus. In a process with
 * only the role web, the engine drives nothing: it wakes runs elsewhere and waits for them.
 */

export interface WorkerParts {
  readonly config: Pick<Config, 'role' | 'workerSlots'>;
  readonly foundation: Foundation;
  readonly metrics: Metrics;
  /** The base of links, without a slash at the end. Read only once the server listens. */
  readonly address: () => string;
  /** Missing if traces are not exported. */
  readonly tracing?: Pick<Tracing, 'traceparent'> | undefined;
  /** Notes the step that is about to use the event loop. */
  readonly starting?: EnginePorts['starting'] | undefined;
}

export interface Worker {
  readonly engine: Engine;
  /** Recovers unfinished runs; resolves when all of them are queued. */
  recover(): Promise<void>;
  /** Starts the periodic jobs. */
  startJobs(): void;
  /** Lets running steps finish, or hands them off within this time. */
  stop(limitMs: number): Promise<void>;
  stopJobs(): Promise<void>;
}

export function createWorker({ config, foundation, metrics, address, tracing, starting = () => {} }: WorkerParts): Worker {
  const drives = config.role !== 'web';
  const offers = createOfferHearing(config, foundation);
  const { retrying, clock, blobLocks, chat, threads, outgoing, writers, bus, ownership, kills, policies, queues, watched, activity, log } = foundation;
  const ports = createEnginePorts({
    starting: (runId, stepId) => {
      starting(runId, stepId);
      activity.starting(runId, stepId);
    },
    store: retrying,
    workspaces,
    ownership,
    dispatch: offers.dispatch,
    bus,
    payloads: createPayloads(retrying, clock.now, blobLocks),
    prompts: createPromptLibrary({ stores: retrying, bus, elapsed: () => performance.now() }),
    chat: metrics.counted(chat),
    ...outgoing,
    threads,
    writers,
    kills,
    queues,
    watched,
    policies,
    validate: validateJson,
    startChild: (run, child) => startChild(startingIn(run.workspaceId), run, child),
    traceparent: tracing?.traceparent,
    callbackUrl: ({ workspaceId, runId }, waitId) => `${address()}/callbacks/${callbackToken(foundation.secrets, { workspaceId, runId, waitId })}`,
    inboxChanged: (workspaceId) => bus.publish({ kind: 'invalidate', workspaceId, what: 'inbox' }),
    report: (problem, { runId, error }) => log.error({ runId, err: error }, problem),
  });
  bus.subscribe((message) => {
    if (message.kind === 'run-committed' && message.state) metrics.events(message.events, message.state);
  });
  activity.watchCalls(bus);
  const endedRuns = createEndedRuns({ stores: retrying, payloads: foundation.payloads, policies, now: clock.now });
  if (drives) endedRuns.listen(bus, (problem, error) => log.warn({ err: error }, problem));
  const engine = createEngine(ports, definitionOf);
  const startingIn = createStarting(foundation, engine);
  const report = (problem: string, error: unknown) => log.warn({ err: error }, problem);
  if (drives) queues.onChange(engine.lookAtQueue);
  if (drives) startAborts({ board: kills, stores: retrying, now: clock.now, wakeAll: engine.wakeAll, report });
  kills.onRead((lifted) => {
    if (lifted && drives) void engine.wakeHeld().catch((error) => report('Waking runs after a kill switch failed', error));
  });
  let stopJobs = async (): Promise<void> => {};
  return {
    engine,
    recover: () => engine.recover().then(() => offers.hear(engine.take)),
    startJobs: () => {
      if (!drives) return;
      const { processes } = foundation;
      const stopObservers = startObservers(foundation, { address: address(), report });
      const isMine = (): boolean => processes?.isFirst() ?? true;
      const stopTriggers = startTriggers(foundation, startingIn, { address: address(), report });
      const stopReplays = startReplays(foundation, startingIn, report);
      const stopReleases = startReleases({ stores: retrying, workspaces, bus, engine, report });
      const stopWatching = processes && watchDeadCallers({ stores: retrying, workspaces, processes, now: clock.now, report });
      const stopHousekeeping = startHousekeeping({ workspaces, isMine, log }, (workspaceId) => jobsOf(foundation, { endedRuns, engine }, workspaceId));
      stopJobs = async () => {
        await Promise.all([stopWatching?.(), stopObservers(), stopTriggers(), stopHousekeeping(), stopReleases(), stopReplays()]);
      };
    },
    stop: async (limitMs) => {
      await offers.close();
      await engine.shutdown(limitMs);
    },
    stopJobs: () => stopJobs(),
  };
}

/** Starts what follows runs: alerts about failures, roll-ups, alert rules, the watch of canaries, and the count of reviews. Returns a function that stops. */
function startObservers(
  { store: stores, alertSender: sender, clock, bus, ownership }: Foundation,
  { address, report }: Pick<ReleaseWatchParts, 'address' | 'report'>,
): () => Promise<unknown> {
  const elapsed = () => performance.now();
  const now = clock.now;
  const leaseOf = (job: string) => createJobLease({ store: stores, job, processId: ownership.processId, isAlone: !ownership.shared, elapsed });
  const alerts = createAlerts({ stores, workspaces, sender, address, now, report });
  alerts.start(bus);
  const rollUps = createRollUpJob({ stores, workspaces, lease: leaseOf('roll-ups'), now, elapsed, report });
  rollUps.start();
  const rules = createRuleJob({ stores, workspaces, sender, address, lease: leaseOf('alert-rules'), now, report });
  rules.start();
  const targets = { forget: (workflowId: string, isControl = false) => bus.publish({ kind: 'workflow-changed', workflowId, isControl }) };
  const releases = createReleaseWatch({ stores, workspaces, sender, address, targets, lease: leaseOf('release-watch'), now, report });
  releases.start(bus);
  const authority = createAuthorityJob({ stores, workspaces, sender, address, lease: leaseOf('authority'), now, report });
  authority.start();
  return () => Promise.all([alerts.stop(), rollUps.stop(), rules.stop(), releases.stop(), authority.stop()]);
}

/** Starts the jobs that replay many runs, and run shadows. Returns a function that stops. */
function startReplays({ store, bus, ownership, processes }: Foundation, startingIn: StartingIn, report: ReleaseWatchParts['report']): () => Promise<unknown> {
  const { processId, shared } = ownership;
  const leaseOf = (job: string) => createJobLease({ store, job, processId, isAlone: !shared, elapsed: () => performance.now() });
  const parts = { startingIn, workspaces, processes: () => processes?.live(), report };
  const forget = (workflowId: string) => bus.publish({ kind: 'workflow-changed', workflowId, isControl: false });
  const jobs = [createReplayJob({ ...parts, lease: leaseOf('replays') }), createShadowJob({ ...parts, forget, lease: leaseOf('shadows') })];
  for (const job of jobs) job.start();
  return () => Promise.all(jobs.map((job) => job.stop()));
}

/** Starts runs by schedule, when other runs end, from queues, and of experiments, and tells callers of the ends of theirs. Returns a function that stops. */
function startTriggers(foundation: Foundation, startingIn: StartingIn, says: Pick<CompletionJobParts, 'address' | 'report'>): () => Promise<unknown> {
  const { bus, clock, watched, egress, secrets, chat, threads, ownership, processes } = foundation;
  const experiments = { graders: { chat, code: threads.code }, processId: ownership.processId, processes };
  const parts = { startingIn, workspaces, watched, now: clock.now, egress, secrets, ...says };
  const jobs = [
    createSchedules(parts),
    createEndedTriggers(parts),
    createQueues(parts),
    createCompletionJob(parts),
    createExperimentJob({ ...parts, ...experiments }),
  ];
  for (const job of jobs) job.start(bus);
  return () => Promise.all(jobs.map((job) => job.stop()));
}

type StartingIn = (workspaceId: string) => RunStarting;

/**
 * What starting a run in the server itself needs, by workspace. Its body is that of a value that is in memory already. All share the memory of
 * recent values, which is too large to be made for each run.
 */
function createStarting({ retrying, clock, kills, policies, queues, watched, blobLocks }: Foundation, engine: Engine): StartingIn {
  const payloads = createPayloads(retrying, clock.now, blobLocks);
  const holdBody = createBodyRoom(Number.POSITIVE_INFINITY);
  return (workspaceId) => ({
    workspaceId,
    store: retrying.in(workspaceId),
    catalog,
    engine,
    holdBody,
    kills,
    now: clock.now,
    payloads,
    policies,
    queues,
    watched,
  });
}

/** Runs that other processes offer, and offers to them. */
function createOfferHearing({ role, workerSlots }: WorkerParts['config'], { cluster }: Pick<Foundation, 'cluster'>) {
  const drives = role !== 'web';
  let heard: ReturnType<NonNullable<typeof cluster>['hearOffers']> | undefined;
  return {
    dispatch: {
      drives,
      slots: cluster ? workerSlots : Number.POSITIVE_INFINITY,
      offer: (runId: string, seq: number) => cluster?.offer(runId, seq),
      freed: () => heard?.resume(),
    },
    hear: (take: (runId: string) => boolean): void => {
      if (drives) heard = cluster?.hearOffers(async (runId) => (take(runId) ? 'done' : 'busy'));
    },
    close: async (): Promise<void> => heard?.close(),
  };
}

const aborted = (signal: AbortSignal): Promise<void> => new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

function jobsOf(
  { store: stores, payloads, blobLocks, bus, clock, signIn, deliveries, policies, secrets, processes, egress, log }: Foundation,
  { endedRuns, engine }: { readonly endedRuns: EndedRuns; readonly engine: Engine },
  workspaceId: string,
): ReturnType<Parameters<typeof startHousekeeping>[1]> {
  const store = stores.in(workspaceId);
  const sweep = createBlobSweep({ store, locks: blobLocks, now: clock.now });
  const inboxChanged = (): void => bus.publish({ kind: 'invalidate', workspaceId, what: 'inbox' });
  const deciding = { store, workspaceId, now: clock.now, payloads, policies, changed: { inbox: inboxChanged } };
  const report = (problem: string, error: unknown): void => log.warn({ workspaceId, err: error }, problem);
  return {
    'Delete old idempotency keys': () => freeOldKeys(store, clock.now()),
    'Settle recorded changes': () => settleChanges(store, clock.now()),
    'Continue calls whose budget was raised': (stop) => releaseAllReviews({ store, engine, now: clock.now }, stop),
    'Delete ended sessions': () => signIn.sessions.forgetOld(workspaceId),
    'Delete sign-ins that were not completed': () => forgetPendingSignIns({ store: stores, clock }, workspaceId),
    'Delete old webhook requests': () => deliveries.forgetOld(workspaceId, clock.now()),
    'Delete old calls to completion URLs': (stop) => forgetOldCompletions(store, clock.now(), stop),
    'Delete old events of triggers': () => forgetOldDeliveries(store, clock.now()),
    'Delete old conversations of chats': (stop) => forgetOldConversations({ store, now: clock.now }, stop),
    'Delete old counts of redacted values': () => policies.counts.forgetOld(workspaceId),
    'Remove payloads of ended runs': () => endedRuns.tidy(workspaceId),
    'Delete hourly figures of old runs': (stop) => tidyRollUps(store, clock.now(), stop),
    'Delete old alerts from the history': (stop) => tidyOpenings(store, clock.now(), stop),
    'Remove old data of runs': async (stop) => void (await applyRetention({ store, secrets }, workspaceId, clock.now(), stop)),
    'Forget runs that were removed long ago': (stop) => forgetRemovedRuns(store, clock.now(), stop),
    'Delete unreferenced blobs': sweep,
    'Delete settled changes of stored state': (stop) => tidyState(store, clock.now(), stop),
    'Delete what tables no longer need': (stop) => tidyTables(store, clock.now(), stop),
    'Delete items that were deleted from datasets': (stop) => tidyDatasets(store, clock.now(), stop),
    'Note since when runs have evidence': async () => {
      if (processes?.live().every(({ versions }) => versions?.evidence !== undefined) ?? true) await coverFrom(stores, secrets, clock.now());
    },
    'Complete interrupted decisions': (stop) => completeDecisions(deciding, { stop, report }),
    'Close days': (stop) => closeDays({ stores, secrets, workspaceId, now: clock.now }, stop),
    'Send the newest daily head': (stop) => sendNewestHead({ post: createNoticePost({ egress, now: clock.now }), secrets, now: clock.now }, store, stop),
    'Purge deleted workflows': (stop) => purgeWorkflows(store, clock.now(), stop),
    'Overwrite removed values': (stop) => Promise.race([store.forgetRemoved(), aborted(stop)]),
  };
}
