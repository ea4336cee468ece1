import { catalog } from '@switchyard/nodes/catalog.ts';
import type { Config } from '../config.ts';
import { type Bus, POLL_MS } from '../engine/bus.ts';
import type { Engine } from '../engine/engine-api.ts';
import { allowedHosts } from '../http/allowed-hosts.ts';
import { type AppParts, createApp } from '../http/app.ts';
import { createBodyIntake } from '../http/body-intake.ts';
import { createAddressOf } from '../http/client-address.ts';
import { systemRoutes } from '../http/routes/system-routes.ts';
import { createGate } from '../http/sign-in/gate.ts';
import { speaksHttps } from '../http/sign-in/speaks-https.ts';
import type { StartupGate } from '../http/startup-gate.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Changes, Installation } from '../services/context.ts';
import { createHookTargets } from '../services/webhooks/hook-targets.ts';
import { BODY_BYTES, createBodyRoom, MOST_BODIES } from '../services/webhooks/overload.ts';
import type { Foundation } from './foundation.ts';
import { systemSource } from './system-source.ts';

/* What every process needs to answer HTTP requests, whatever its role. */

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

export function createHttpFrame({ config, pageDir, bodyBytes = BODY_BYTES, version, foundation, engine, startupGate }: WebParts) {
  const { log, store, payloads, clock, secrets, signIn, bus, cluster, ownership, kills, policies, queues, watched, processes } = foundation;
  const caches = { bus, ...(ownership.shared && { freshMs: POLL_MS.caches }) };
  const installation: Installation = {
    stores: store,
    payloads,
    engine,
    catalog,
    targets: createHookTargets({ stores: store, catalog, secrets, policies, ...caches }),
    kills,
    policies,
    queues,
    watched,
    processes: () => processes?.live(),
    now: clock.now,
    holdBody: createBodyRoom(bodyBytes),
    address: () => config.publicUrl ?? startupGate.address,
    changed: announcedOn(bus),
  };
  const hosts = allowedHosts({ ...config, port: startupGate.port });
  const gateParts = { signIn, isSecure: speaksHttps(config.publicUrl) };
  const { refused } = foundation.activity;
  const addressOf = createAddressOf(config.trustProxy);
  const intake = createBodyIntake({ bytes: bodyBytes, bodies: MOST_BODIES });
  startupGate.server.once('close', intake.close);
  const common = { hosts, log, pageDir, trustProxy: config.trustProxy, intake, refused, addressOf, installation };
  return {
    installation,
    caches,
    hosts,
    gateParts,
    addressOf,
    intake,
    systemRoutes: systemRoutes({
      version,
      ready: () => store.ready(),
      redis: cluster?.health,
      source: systemSource({ config, version, foundation, engine, startupGate }),
      storage: { kind: config.mongodbUri === undefined ? 'sqlite' : 'mongodb', usage: () => store.usage() },
    }),
    app: (routes: AppParts['routes']): ReturnType<typeof createApp> => createApp({ ...common, gate: createGate(gateParts), routes }),
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
  triggers: (workspaceId) => bus.publish({ kind: 'invalidate', workspaceId, what: 'triggers' }),
  experiments: (workspaceId) => bus.publish({ kind: 'invalidate', workspaceId, what: 'experiments' }),
  draft: (workspaceId, draft) => bus.publish({ kind: 'draft-saved', workspaceId, ...draft }),
});
