import type { Config } from '../config.ts';
import { createHookGate } from '../http/hooks/hook-gate.ts';
import { createHookHandler, isHookPath } from '../http/hooks/hook-handler.ts';
import { openAiRoutes } from '../http/openai-api/openai-routes.ts';
import type { Api } from '../http/register.ts';
import { alertRoutes } from '../http/routes/alert-routes.ts';
import { auditRoutes } from '../http/routes/audit-routes.ts';
import { connectionRoutes } from '../http/routes/connection-routes.ts';
import { correctionRoutes } from '../http/routes/correction-routes.ts';
import { datasetRoutes } from '../http/routes/dataset-routes.ts';
import { authorityRoutes } from '../http/routes/evaluation/authority-routes.ts';
import { experimentRoutes } from '../http/routes/evaluation/experiment-routes.ts';
import { replayRoutes } from '../http/routes/evaluation/replay-routes.ts';
import { feedbackRoutes } from '../http/routes/feedback-routes.ts';
import { alertRuleRoutes } from '../http/routes/insight/alert-rule-routes.ts';
import { evidenceRoutes } from '../http/routes/insight/evidence-routes.ts';
import { insightRoutes } from '../http/routes/insight/insight-routes.ts';
import { killSwitchRoutes } from '../http/routes/kill-switch-routes.ts';
import { metricsRoute } from '../http/routes/metrics-route.ts';
import { modelRoutes } from '../http/routes/model-routes.ts';
import { moneyRoutes } from '../http/routes/money-routes.ts';
import { policyRoutes } from '../http/routes/policy-routes.ts';
import { promptRoutes } from '../http/routes/prompt-routes.ts';
import { queueRoutes } from '../http/routes/queue-routes.ts';
import { releaseRoutes } from '../http/routes/release-routes.ts';
import { reviewRoutes } from '../http/routes/review-routes.ts';
import { runRoutes } from '../http/routes/run-routes.ts';
import { sharingRoutes } from '../http/routes/sharing-routes.ts';
import { signInRoutes } from '../http/routes/sign-in-routes.ts';
import { stateRoutes } from '../http/routes/state-routes.ts';
import { tableRoutes } from '../http/routes/table-routes.ts';
import { templateRoutes } from '../http/routes/template-routes.ts';
import { triggerRoutes } from '../http/routes/trigger-routes.ts';
import { webhookRoutes } from '../http/routes/webhook-routes.ts';
import { workflowRoutes } from '../http/routes/workflow-routes.ts';
import { admitSockets } from '../http/sign-in/socket-gate.ts';
import type { StartupGate } from '../http/startup-gate.ts';
import { busToPages } from '../realtime/bus-to-pages.ts';
import { createRealtime, type Realtime } from '../realtime/realtime.ts';
import { createCodeTries } from '../services/code/try-code.ts';
import { createGraderTries } from '../services/datasets/try-grader.ts';
import { createTryCall } from '../services/models/try-call.ts';
import { createCallables } from '../services/openai-api/callables.ts';
import { createPromptTries } from '../services/prompts/prompt-tries.ts';
import { createRouteTries } from '../services/routes/route-calls.ts';
import { createRunDeltas, type RunDeltas } from '../services/runs/run-deltas.ts';
import { createCallCapture } from '../services/webhooks/capture-calls.ts';
import { PLACES } from '../services/webhooks/overload.ts';
import { createRateLimits } from '../services/webhooks/rate-limits.ts';
import { createHttpFrame, type Web, type WebParts } from './http-frame.ts';

/*
 * The role that serves pages, API, webhooks, and sockets. It learns over the bus what workers do. Owns realtime, and the streamed words of
 * models on their way to callers.
 */

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
  return { open: () => parts.startupGate.open(answer), close };
}

const linksAreLocal = ({ password, publicUrl }: Config, { address }: StartupGate): boolean =>
  password !== undefined && publicUrl === undefined && new URL(address).hostname === '127.0.0.1';

/** What runs have shown, and how others would have gone. */
const LEARNING_ROUTES = [authorityRoutes, correctionRoutes, feedbackRoutes, replayRoutes, experimentRoutes, insightRoutes];

/** Serves all HTTP requests and sockets. */
function createAnswer(parts: WebParts, realtime: Realtime, deltas: RunDeltas) {
  const { config, version, foundation, engine, startupGate, metrics } = parts;
  const { log, secrets, models, threads, writers, gallery, signIn, bus, cluster, clock } = foundation;
  const deliveries = metrics.countedDeliveries(foundation.deliveries);
  const { installation, caches, hosts, gateParts, addressOf, intake, systemRoutes, app: appOf } = createHttpFrame(parts);
  const capture = createCallCapture({ bus, elapsed: () => performance.now() });
  if (linksAreLocal(config, startupGate)) log.warn('PUBLIC_URL isn’t set, so generated links only work on this machine');
  const admit = admitSockets(gateParts, hosts);
  realtime.attach(startupGate.server, admit);
  signIn.onEnd((credentialId) => bus.publish({ kind: 'credential-ended', credentialId }));
  bus.subscribe((message) => {
    if (message.kind === 'missed') void realtime.checkCredentials(admit);
  });
  const gate = createHookGate(PLACES, engine.load);
  const tryCall = createTryCall(models.chat);
  const routes = [
    // First, because Express compares each request with one route after another, and these are the busiest.
    openAiRoutes({ installation, chat: models.chat, deltas, callables: createCallables(caches), gate, addressOf, log }),
    systemRoutes,
    releaseRoutes,
    workflowRoutes(installation, createCodeTries(threads.code)),
    (api: Api) => runRoutes(api, version),
    reviewRoutes,
    ...LEARNING_ROUTES,
    webhookRoutes({ deliveries, capture }, secrets),
    triggerRoutes,
    templateRoutes(gallery),
    sharingRoutes,
    signInRoutes(gateParts),
    connectionRoutes(models),
    modelRoutes(models, createRouteTries(tryCall), log),
    promptRoutes(createPromptTries(tryCall), gallery, log),
    moneyRoutes,
    killSwitchRoutes,
    queueRoutes,
    policyRoutes,
    stateRoutes(writers.state),
    tableRoutes,
    alertRoutes({ sender: foundation.alertSender, secrets }),
    evidenceRoutes({ secrets }),
    alertRuleRoutes({ sender: foundation.alertSender, secrets }),
    auditRoutes,
    datasetRoutes(createGraderTries({ chat: models.chat, code: threads.code })),
    metricsRoute(metrics),
  ];
  const app = appOf(routes);
  const ownRates = createRateLimits(() => clock.now().getTime());
  const rates = cluster?.rates ?? { take: async (name: string, places: number) => ownRates.take(name, places) };
  const hooks = createHookHandler({
    installation,
    capture,
    hosts,
    gate,
    intake,
    addressOf,
    rates,
    deltas,
    deliveries,
    refused: foundation.activity.refused,
    secrets,
    log,
  });
  return (request: Parameters<typeof hooks>[0], response: Parameters<typeof hooks>[1]): unknown =>
    isHookPath(request.url ?? '') ? hooks(request, response) : app(request, response);
}
