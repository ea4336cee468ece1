import { catalog } from '@switchyard/nodes/catalog.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import type { Config } from '../config.ts';
import { type Bus, POLL_MS } from '../engine/bus.ts';
import type { Engine } from '../engine/engine-api.ts';
import { allowedHosts } from '../http/allowed-hosts.ts';
import { createApp } from '../http/app.ts';
import { createBodyIntake } from '../http/body-intake.ts';
import { createAddressOf } from '../http/client-address.ts';
import { createHookGate } from '../http/hooks/hook-gate.ts';
import { createHookHandler, isHookPath } from '../http/hooks/hook-handler.ts';
import { openAiRoutes } from '../http/openai-api/openai-routes.ts';
import { sendProblem } from '../http/problem.ts';
import type { Api } from '../http/register.ts';
import { alertRoutes } from '../http/routes/alert-routes.ts';
import { auditRoutes } from '../http/routes/audit-routes.ts';
import { killSwitchRoutes } from '../http/routes/kill-switch-routes.ts';
import { metricsRoute } from '../http/routes/metrics-route.ts';
import { modelRoutes } from '../http/routes/model-routes.ts';
import { moneyRoutes } from '../http/routes/money-routes.ts';
import { policyRoutes } from '../http/routes/policy-routes.ts';
import { promptRoutes } from '../http/routes/prompt-routes.ts';
import { queueRoutes } from '../http/routes/queue-routes.ts';
import { reviewRoutes } from '../http/routes/review-routes.ts';
import { runRoutes } from '../http/routes/run-routes.ts';
import { sharingRoutes } from '../http/routes/sharing-routes.ts';
import { signInRoutes } from '../http/routes/sign-in-routes.ts';
import { systemRoutes } from '../http/routes/system-routes.ts';
import { templateRoutes } from '../http/routes/template-routes.ts';
import { webhookRoutes } from '../http/routes/webhook-routes.ts';
import { workflowRoutes } from '../http/routes/workflow-routes.ts';
import { createGate } from '../http/sign-in/gate.ts';
import { admitSockets } from '../http/sign-in/socket-gate.ts';
import { speaksHttps } from '../http/sign-in/speaks-https.ts';
import type { StartupGate } from '../http/startup-gate.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { busToPages } from '../realtime/bus-to-pages.ts';
import { createRealtime, type Realtime } from '../realtime/realtime.ts';
import type { Changes, Installation } from '../services/context.ts';
import { createCallables } from '../services/openai-api/callables.ts';
import { createPromptTries } from '../services/prompts/prompt-tries.ts';
import { createRunDeltas, type RunDeltas } from '../services/runs/run-deltas.ts';
import { createCallCapture } from '../services/webhooks/capture-calls.ts';
import { createHookTargets } from '../services/webhooks/hook-targets.ts';
import { BODY_BYTES, createBodyRoom, MOST_BODIES, PLACES } from '../services/webhooks/overload.ts';
import { createRateLimits } from '../services/webhooks/rate-limits.ts';
import type { Foundation } from './foundation.ts';
import { systemSource } from './system-source.ts';

/*
 * The role that serves pages, API, webhooks, and sockets. It learns over the bus what workers do. Owns realtime, and the streamed words of
 * models on their way to callers.
 */

export interface WebParts {
  readonly config: Config;
  /** Folder of the built page. */
  readonly pageDir: string;
  /** Maximum bytes of bodies in memory, if not the default. */
  readonly bodyBytes?: number | undefined;
  readonly version: string;
  readonly foundation: Foundation;
  readonly engine: Engine;
  readonly startupGate: StartupGate;
  readonly metrics: Metrics;
}

export interface Web {
  /** Accepts requests from here on. */
  open(): void;
  /** Disconnects the pages. */
  close(): void;
}

export function createWeb(parts: WebParts): Web {
  const { log, readRunEvents, bus, ownership } = parts.foundation;
  const realtime = createRealtime({ log, readEvents: readRunEvents });
  const deltas = createRunDeltas();
  const stopFeed = busToPages({ bus, realtime, deltas, shared: ownership.shared });
  const answer = createAnswer(parts, realtime, deltas);
  const close = (): void => {
    stopFeed();
    realtime.close();
  };
  return { open: () => parts.startupGate.open(parts.config.role === 'worker' ? onlyHealth(answer, log) : answer), close };
}

const linksAreLocal = ({ password, publicUrl }: Config, { address }: StartupGate): boolean =>
  password !== undefined && publicUrl === undefined && new URL(address).hostname === '127.0.0.1';

/** What a process that only drives runs serves: for probes and metrics. */
const HEALTH_PATH = /^\/(api\/health|api\/ready|metrics)(\?|$)/;

const onlyHealth =
  (answer: ReturnType<typeof createAnswer>, log: Log): typeof answer =>
  (request, response) =>
    HEALTH_PATH.test(request.url ?? '')
      ? answer(request, response)
      : sendProblem(response, new AppError('not-found', 'This process only drives runs (ROLE=worker). Use a process with the role web or all.'), log);

/** Serves all HTTP requests and sockets. */
function createAnswer(parts: WebParts, realtime: Realtime, deltas: RunDeltas) {
  const { config, pageDir, bodyBytes = BODY_BYTES, version, foundation, engine, startupGate, metrics } = parts;
  const { log, clock, secrets, models, gallery, signIn, bus, cluster, ownership } = foundation;
  const deliveries = metrics.countedDeliveries(foundation.deliveries);
  const caches = { bus, ...(ownership.shared && { freshMs: POLL_MS.caches }) };
  const installation = installationOf(parts, caches);
  const capture = createCallCapture({ bus, elapsed: () => performance.now() });
  if (linksAreLocal(config, startupGate)) log.warn('PUBLIC_URL isn’t set, so generated links only work on this machine');
  const hosts = allowedHosts({ ...config, port: startupGate.port });
  const gateParts = { signIn, isSecure: speaksHttps(config.publicUrl) };
  const admit = admitSockets(gateParts, hosts);
  if (config.role !== 'worker') realtime.attach(startupGate.server, admit);
  signIn.onEnd((credentialId) => bus.publish({ kind: 'credential-ended', credentialId }));
  bus.subscribe((message) => {
    if (message.kind === 'missed') void realtime.checkCredentials(admit);
  });
  const { refused } = foundation.activity;
  const gate = createHookGate(PLACES, engine.load);
  const addressOf = createAddressOf(config.trustProxy);
  const routes = [
    // First, because Express compares each request with one route after another, and these are the busiest.
    openAiRoutes({ installation, chat: models.chat, deltas, callables: createCallables(caches), gate, addressOf, log }),
    systemRoutes({
      version,
      ready: () => foundation.store.ready(),
      redis: cluster?.health,
      source: systemSource({ config, version, foundation, engine, startupGate }),
    }),
    workflowRoutes(installation),
    (api: Api) => runRoutes(api, version),
    reviewRoutes,
    webhookRoutes({ deliveries, capture }, secrets),
    templateRoutes(gallery),
    sharingRoutes,
    signInRoutes(gateParts),
    modelRoutes(models),
    promptRoutes(createPromptTries(models.chat), gallery, log),
    moneyRoutes,
    killSwitchRoutes,
    queueRoutes,
    policyRoutes,
    alertRoutes({ sender: foundation.alertSender, secrets }),
    auditRoutes,
    metricsRoute(metrics),
  ];
  const intake = createBodyIntake({ bytes: bodyBytes, bodies: MOST_BODIES });
  startupGate.server.once('close', intake.close);
  const app = createApp({ hosts, log, pageDir, gate: createGate(gateParts), trustProxy: config.trustProxy, intake, refused, addressOf, installation, routes });
  const ownRates = createRateLimits(() => clock.now().getTime());
  const rates = cluster?.rates ?? { take: async (name: string, places: number) => ownRates.take(name, places) };
  const hooks = createHookHandler({ installation, capture, hosts, gate, intake, addressOf, rates, deltas, deliveries, refused, log });
  return (request: Parameters<typeof hooks>[0], response: Parameters<typeof hooks>[1]): unknown =>
    isHookPath(request.url ?? '') ? hooks(request, response) : app(request, response);
}

/** What use cases share. */
function installationOf(
  { config, bodyBytes = BODY_BYTES, foundation, engine, startupGate }: WebParts,
  caches: { readonly bus: Bus; readonly freshMs?: number },
): Installation {
  const { store, payloads, clock, secrets, bus, kills, policies, queues, processes } = foundation;
  return {
    stores: store,
    payloads,
    engine,
    catalog,
    targets: createHookTargets({ stores: store, catalog, secrets, policies, ...caches }),
    kills,
    policies,
    queues,
    processes: () => processes?.live(),
    now: clock.now,
    holdBody: createBodyRoom(bodyBytes),
    address: () => config.publicUrl ?? startupGate.address,
    changed: announcedOn(bus),
  };
}

const announcedOn = (bus: Bus): Changes => ({
  inbox: (workspaceId) => bus.publish({ kind: 'invalidate', workspaceId, what: 'inbox' }),
  budgets: (workspaceId) => bus.publish({ kind: 'invalidate', workspaceId, what: 'budgets' }),
  prices: (workspaceId) => bus.publish({ kind: 'invalidate', workspaceId, what: 'prices' }),
  prompts: (workspaceId) => bus.publish({ kind: 'invalidate', workspaceId, what: 'prompts' }),
  killSwitches: (workspaceId) => bus.publish({ kind: 'invalidate', workspaceId, what: 'kill-switches' }),
  heldRuns: (workspaceId) => bus.publish({ kind: 'invalidate', workspaceId, what: 'held-runs' }),
  queue: (workspaceId) => bus.publish({ kind: 'invalidate', workspaceId, what: 'queue' }),
  draft: (workspaceId, draft) => bus.publish({ kind: 'draft-saved', workspaceId, ...draft }),
});
