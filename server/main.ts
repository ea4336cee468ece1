import { catalog, definitionOf } from '@switchyard/nodes/catalog.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { validateJson } from '@switchyard/shared/json-schema/validate.ts';
import type { Config } from './config.ts';
import type { DataDirLock } from './data-dir/lock.ts';
import { createLazyEgress } from './egress/lazy-egress.ts';
import { createEngine } from './engine/engine.ts';
import type { Engine } from './engine/engine-api.ts';
import type { EnginePorts } from './engine/ports.ts';
import { createEnginePorts } from './engine-adapter/engine-ports.ts';
import { startHousekeeping } from './housekeeping.ts';
import { allowedHosts } from './http/allowed-hosts.ts';
import { createApp } from './http/app.ts';
import { createBodyIntake } from './http/body-intake.ts';
import { createAddressOf } from './http/client-address.ts';
import { type Door, takeDoor } from './http/door.ts';
import { createHookGate } from './http/hooks/hook-gate.ts';
import { createHookHandler, isHookPath } from './http/hooks/hook-handler.ts';
import { metricsRoute } from './http/routes/metrics-route.ts';
import { modelRoutes } from './http/routes/model-routes.ts';
import { reviewRoutes } from './http/routes/review-routes.ts';
import { runRoutes } from './http/routes/run-routes.ts';
import { sharingRoutes } from './http/routes/sharing-routes.ts';
import { signInRoutes } from './http/routes/sign-in-routes.ts';
import { systemRoutes } from './http/routes/system-routes.ts';
import { templateRoutes } from './http/routes/template-routes.ts';
import { webhookRoutes } from './http/routes/webhook-routes.ts';
import { workflowRoutes } from './http/routes/workflow-routes.ts';
import { createGate } from './http/sign-in/gate.ts';
import { admitSockets } from './http/sign-in/socket-gate.ts';
import { speaksHttps } from './http/sign-in/speaks-https.ts';
import { createLog } from './log.ts';
import { createMetrics, type Metrics } from './metrics/metrics.ts';
import { inProcessOwnership } from './ownership/in-process.ts';
import { storedProcesses } from './ownership/process-records.ts';
import { createRealtime, type Realtime } from './realtime/realtime.ts';
import { openSecrets } from './secrets/secrets.ts';
import type { Installation } from './services/context.ts';
import { createModels } from './services/models/models.ts';
import { createDeltaBatches } from './services/runs/delta-batches.ts';
import { readEvents } from './services/runs/journal-events.ts';
import { createRunDeltas } from './services/runs/run-deltas.ts';
import { readGallery } from './services/sharing/templates.ts';
import { openSignIn } from './services/sign-in/sign-in.ts';
import { warnOfUnreadable } from './services/unreadable-secrets.ts';
import { freeOldKeys } from './services/webhooks/call-keys.ts';
import { createCallCapture } from './services/webhooks/capture-calls.ts';
import { createDeliveries } from './services/webhooks/deliveries.ts';
import { createHookTargets } from './services/webhooks/hook-targets.ts';
import { BODY_BYTES, createBodyRoom, MOST_BODIES, PLACES } from './services/webhooks/overload.ts';
import { createRateLimits } from './services/webhooks/rate-limits.ts';
import { purgeWorkflows } from './services/workflows/purge-workflows.ts';
import { createBlobSweep } from './store/blob-sweep.ts';
import { createBlobsInHand } from './store/blobs-in-hand.ts';
import { DEFAULT_WORKSPACE, runs } from './store/collections.ts';
import { openStore } from './store/open-store.ts';
import { patientStore } from './store/patient-store.ts';
import { createPayloads } from './store/payloads.ts';
import type { Workspaces } from './store/workspaces.ts';
import type { startWatchdog } from './watchdog.ts';

/*
 * Wires everything, and is the only file that does. Order of the start: store, models, engine, port, recovery, open door; whoever
 * calls before is told `not-ready`. The stop goes the other way round.
 */

const VERSION = '0.1.0';
const SHUTDOWN_MS = 10_000;
/** Until there are tenants. Nothing else names a workspace: callers and records carry theirs. */
const workspaces: Workspaces = async () => [DEFAULT_WORKSPACE];

export interface MainParts {
  /** Tells whoever started the program what it waits for. */
  readonly say: (line: string) => void;
  readonly config: Config;
  readonly lock: DataDirLock;
  /** Folder of the built page. */
  readonly pageDir: string;
  readonly templatesDir: string;
  /** Starts a watchdog over the event loop. */
  readonly watchdog?: typeof startWatchdog;
  /** Bytes of bodies that may be worked on at once, where it is not as many as usual. */
  readonly bodyBytes?: number | undefined;
}

export interface RunningServer {
  /** Where it listens: `http://127.0.0.1:4310`. */
  readonly address: string;
  /** Stops accepting, lets runs finish or hands them back within 10 s, closes the store and gives the data directory free. */
  stop(): Promise<void>;
}

/** Starts the server; resolves when it can take work. Throws ConfigError when the port cannot be had. */
export async function main(parts: MainParts): Promise<RunningServer> {
  const state = await openState(parts);
  const realtime = createRealtime({ log: state.log, readEvents: state.readRunEvents });
  const metrics = createMetrics({ version: VERSION, driven: () => engine.load() - engine.queued(), queued: () => engine.queued() });
  const watchdog = parts.watchdog?.({ running: () => engine.running() });
  const engine = createEngine(enginePorts(state, realtime, metrics, watchdog?.note), definitionOf);
  const door = await takeDoor(parts.config, state.log).catch(async (error) => {
    await state.close();
    throw error;
  });
  const answer = wireHttp(parts, state, { engine, realtime, door, metrics });
  await engine.recover();
  door.open(answer);
  const stopHousekeeping = startHousekeeping(
    workspaces,
    (workspaceId) => {
      const store = state.store.in(workspaceId);
      const sweep = createBlobSweep({ store, inHand: state.blobsInHand, now: state.clock.now });
      return {
        'free old idempotency keys': () => freeOldKeys(store, state.clock.now()),
        'forget sessions that have ended': () => state.signIn.sessions.forgetOld(workspaceId),
        'forget old webhook calls': () => state.deliveries.forgetOld(workspaceId, state.clock.now()),
        'free large values that nobody refers to': sweep,
        'remove workflows that were deleted long ago': (stop) => purgeWorkflows(store, state.clock.now(), stop),
      };
    },
    state.log,
  );
  parts.lock.announce(door.address);
  void warnOfUnreadable(state, workspaces);
  return {
    address: door.address,
    stop: async () => {
      door.shut();
      await engine.shutdown(SHUTDOWN_MS);
      realtime.close();
      await door.close();
      await stopHousekeeping();
      await state.close();
      await watchdog?.stop();
      parts.lock.release();
    },
  };
}

type State = Awaited<ReturnType<typeof openState>>;

/** What is kept, and the ways out of the house. */
async function openState({ config, templatesDir, say }: MainParts) {
  const log = createLog(config.logLevel);
  const gallery = await readGallery(templatesDir, catalog);
  const clock = { now: () => new Date() };
  const store = await openStore({
    mongodbUri: config.mongodbUri,
    dataDir: config.dataDir,
    say,
    lost: (reason) => {
      log.fatal({ err: reason }, 'another process has taken the database over');
      process.exit(1);
    },
  });
  // Runs wait for a database that is away; people are told at once.
  const patient = patientStore(store);
  await store.ready();
  const blobsInHand = createBlobsInHand();
  const outside = createLazyEgress({ allow: config.egressAllow, clock });
  const secrets = openSecrets({ dataDir: config.dataDir, env: config.env });
  const signIn = await openSignIn({ stores: store, home: DEFAULT_WORKSPACE, password: config.password, now: clock.now, log });
  const deliveries = createDeliveries({ stores: store, log });
  const modelParts = { secrets, egress: outside.egress, env: config.env, clock, modelServerPorts: config.modelServerPorts };
  const models = createModels({ ...modelParts, store });
  const modelsOfRuns = createModels({ ...modelParts, store: patient });
  await models.ensureDefaults(DEFAULT_WORKSPACE);
  return {
    log,
    clock,
    store,
    blobsInHand,
    payloads: createPayloads(store, clock.now, blobsInHand),
    secrets,
    signIn,
    deliveries,
    deltas: createRunDeltas(),
    models,
    patient,
    chat: modelsOfRuns.chat,
    sendHttp: outside.sendHttp(modelsOfRuns.connections.secretOf),
    gallery,
    readRunEvents: async (workspaceId: string, runId: string, from: number, limit: number) => {
      const workspace = store.in(workspaceId);
      if (!(await workspace.get(runs, runId))) throw new AppError('not-found', `There is no run “${runId}”.`);
      return readEvents(workspace, runId, from, limit);
    },
    close: async () => {
      await deliveries.flush();
      await outside.egress.close();
      await store.close();
    },
  };
}

const enginePorts = (
  { patient, clock, blobsInHand, chat, sendHttp, deltas, log }: State,
  realtime: Realtime,
  metrics: Metrics,
  starting: EnginePorts['starting'] = () => {},
) => {
  const batches = createDeltaBatches(({ workspaceId, toCaller, ...delta }) => {
    realtime.delta(workspaceId, delta);
    if (toCaller) deltas.tell(delta);
  });
  return createEnginePorts({
    starting,
    store: patient,
    workspaces,
    ownership: inProcessOwnership(storedProcesses(patient, clock.now)),
    payloads: createPayloads(patient, clock.now, blobsInHand),
    chat: metrics.counted(chat),
    http: sendHttp,
    validate: validateJson,
    publish: (run, events, status, runState) => {
      batches.flush(run.runId);
      realtime.publish(run, events, status);
      metrics.events(events, runState);
    },
    delta: ({ workspaceId, runId }, words) => batches.add({ workspaceId, runId, ...words }),
    inboxChanged: realtime.inboxChanged,
    report: (problem, { runId, error }) => log.error({ runId, err: error }, problem),
  });
};

interface Wired {
  readonly engine: Engine;
  readonly realtime: Realtime;
  readonly door: Door;
  readonly metrics: Metrics;
}

/** Everything that is asked over HTTP and sockets. */
function wireHttp({ config, pageDir, bodyBytes = BODY_BYTES }: MainParts, state: State, { engine, realtime, door, metrics }: Wired) {
  const { log, store, payloads, clock, secrets, deltas, models, gallery, signIn } = state;
  const deliveries = metrics.countedDeliveries(state.deliveries);
  const installation: Installation = {
    stores: store,
    payloads,
    engine,
    catalog,
    targets: createHookTargets(store, catalog, secrets),
    now: clock.now,
    holdBody: createBodyRoom(bodyBytes),
    address: () => config.publicUrl ?? door.address,
    changed: { inbox: realtime.inboxChanged },
  };
  const capture = createCallCapture();
  if (config.password !== undefined && config.publicUrl === undefined && new URL(door.address).hostname === '127.0.0.1')
    log.warn('PUBLIC_URL is not set: links to webhooks, reviews and shared workflows lead to this machine alone');
  const hosts = allowedHosts({ ...config, port: door.port });
  const gateParts = { signIn, isSecure: speaksHttps(config.publicUrl) };
  realtime.attach(door.server, admitSockets(gateParts, hosts));
  signIn.onEnd(realtime.sendAway);
  const routes = [
    systemRoutes({ version: VERSION, ready: () => state.store.ready() }),
    workflowRoutes(installation),
    runRoutes,
    reviewRoutes,
    webhookRoutes({ deliveries, capture }, secrets),
    templateRoutes(gallery),
    sharingRoutes,
    signInRoutes(gateParts),
    modelRoutes(models),
    metricsRoute(metrics),
  ];
  const intake = createBodyIntake({ bytes: bodyBytes, bodies: MOST_BODIES });
  door.server.once('close', intake.close);
  const addressOf = createAddressOf(config.trustProxy);
  const app = createApp({ hosts, log, pageDir, gate: createGate(gateParts), trustProxy: config.trustProxy, intake, addressOf, installation, routes });
  const gate = createHookGate(PLACES, engine.load);
  const rates = createRateLimits(() => clock.now().getTime());
  const hooks = createHookHandler({ installation, capture, hosts, gate, intake, addressOf, rates, deltas, deliveries, log });
  return (request: Parameters<typeof hooks>[0], response: Parameters<typeof hooks>[1]): unknown =>
    isHookPath(request.url ?? '') ? hooks(request, response) : app(request, response);
}
