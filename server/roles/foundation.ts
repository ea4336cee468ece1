import { catalog } from '@switchyard/nodes/catalog.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import type { Config } from '../config.ts';
import { createLazyEgress } from '../egress/lazy-egress.ts';
import { createMailer } from '../egress/mailer.ts';
import { databasePort } from '../engine-adapter/database-port.ts';
import { createLog, type Log } from '../log.ts';
import { createCallMemory } from '../models/calls/call-memory.ts';
import { openSecrets } from '../secrets/secrets.ts';
import { createAlertSender } from '../services/alerts/send-alert.ts';
import { createRowSeals, sealingStore } from '../services/evidence/row-seals.ts';
import type { Connections } from '../services/models/connections.ts';
import { createModels } from '../services/models/models.ts';
import { dropCutOffReservations } from '../services/money/cut-off-reservations.ts';
import { createSpending } from '../services/money/spending.ts';
import { createFoundCounts } from '../services/policies/found-counts.ts';
import { createPolicyLibrary } from '../services/policies/policy-library.ts';
import { readEvents } from '../services/runs/journal-events.ts';
import { readGallery } from '../services/sharing/templates.ts';
import { openSignIn } from '../services/sign-in/sign-in.ts';
import { createStateWriter } from '../services/state/write-state.ts';
import { watchActivity } from '../services/system/activity.ts';
import { createRowWriter } from '../services/tables/write-rows.ts';
import { createDeliveries } from '../services/webhooks/deliveries.ts';
import { createBlobLocks } from '../store/blob-locks.ts';
import { DEFAULT_WORKSPACE, runs } from '../store/collections.ts';
import { openStore } from '../store/open-store.ts';
import { createPayloads } from '../store/payloads.ts';
import type { Store } from '../store/port.ts';
import { retryingStore } from '../store/retrying-store.ts';
import { openLinks } from './links.ts';
import { createThreads } from './threads.ts';
import { workspaces } from './workspaces.ts';

export interface FoundationParts {
  /** Prints what the start waits for. */
  readonly say: (line: string) => void;
  readonly config: Config;
  readonly templatesDir: string;
}

export type Foundation = Awaited<ReturnType<typeof openFoundation>>;

/** What both roles need: the store, secrets, models, and the egress. */
export async function openFoundation({ config, templatesDir, say }: FoundationParts) {
  const log = createLog(config.logLevel);
  const gallery = await readGallery(templatesDir, catalog);
  const clock = { now: () => new Date() };
  const opened = await openStoreOf(config, log, say);
  const activity = watchActivity(clock.now);
  const secrets = openSecrets({ dataDir: config.dataDir, env: config.env });
  const store = sealingStore(activity.measured(opened), createRowSeals(secrets));
  // Runs wait for an unavailable database. People get an error at once.
  const retrying = retryingStore(store);
  await store.ready();
  const blobLocks = createBlobLocks({ shared: config.redisUrl !== undefined });
  const outside = createLazyEgress({ allow: config.egressAllow, clock });
  const signIn = await openSignIn({ stores: store, home: DEFAULT_WORKSPACE, password: config.password, now: clock.now, log });
  const deliveries = createDeliveries({ stores: store, log });
  const links = await openLinks({ config, log, stores: retrying, secrets, now: clock.now });
  const { bus, cluster, kills, queues, watched } = links;
  const report = (problem: string, error: unknown): void => log.warn({ err: error }, problem);
  const modelParts = { admitCall: kills.admitCall, secrets, egress: outside.egress, env: config.env, clock, modelServerPorts: config.modelServerPorts };
  if (!cluster) for (const workspaceId of await workspaces()) await dropCutOffReservations(store.in(workspaceId), clock.now(), async () => true);
  const memory = createCallMemory(() => performance.now(), cluster?.connectionLimits);
  const spendingOver = (stores: Store) =>
    createSpending({ stores, bus, now: clock.now, elapsed: () => performance.now(), log, processId: links.processes?.id });
  const models = createModels({ ...modelParts, store }, { spending: spendingOver(store), memory });
  const counts = createFoundCounts({ stores: retrying, now: clock.now, report });
  const policies = createPolicyLibrary({ secrets, counts });
  const modelsOfRuns = createModels(
    { ...modelParts, store: retrying },
    { spending: spendingOver(retrying), memory, mayKeepAnswer: policies.mayKeepAnswer(retrying) },
  );
  const threads = createThreads();
  await models.ensureDefaults(DEFAULT_WORKSPACE);
  return {
    log,
    activity,
    ...links,
    clock,
    store,
    blobLocks,
    payloads: createPayloads(store, clock.now, blobLocks),
    secrets,
    signIn,
    deliveries,
    policies,
    models,
    memory,
    retrying,
    chat: modelsOfRuns.chat,
    threads,
    writers: { state: createStateWriter(), rows: createRowWriter() },
    egress: outside.egress,
    alertSender: createAlertSender({ egress: outside.egress, sendEmail: config.smtp && createMailer(config.smtp), secrets, now: clock.now }),
    outgoing: outgoingOf(outside, modelsOfRuns.connections),
    gallery,
    readRunEvents: eventReader(store),
    close: async () => {
      threads.close();
      await deliveries.flush();
      await counts.flush();
      await Promise.all([kills.stop(), queues.stop(), watched.stop()]);
      await cluster?.close();
      await outside.egress.close();
      await store.close();
      activity.stop();
    },
  };
}

/** Requests and statements of steps, with the secrets of their connections. */
const outgoingOf = (outside: ReturnType<typeof createLazyEgress>, connections: Connections) => ({
  http: outside.sendHttp(connections.secretOf),
  database: databasePort(connections, outside.egress),
});

const openStoreOf = ({ mongodbUri, dataDir, redisUrl }: Config, log: Log, say: FoundationParts['say']): Promise<Store> =>
  openStore({ mongodbUri, dataDir, shared: redisUrl !== undefined, say, lost: (reason) => endAfterLoss(log, reason) });

function endAfterLoss(log: Log, reason: unknown): never {
  log.fatal({ err: reason }, 'Database taken over by another process');
  process.exit(1);
}

const eventReader = (store: Store) => async (workspaceId: string, runId: string, from: number, limit: number) => {
  const workspace = store.in(workspaceId);
  if (!(await workspace.get(runs, runId))) throw new AppError('not-found', `Run “${runId}” not found.`);
  return readEvents(workspace, runId, from, limit);
};
