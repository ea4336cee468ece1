import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { DiscoveredServer } from '@switchyard/shared/contracts/models.ts';
import type { CallMemory } from '../../models/calls/call-memory.ts';
import type { Chat } from '../../models/chat-port.ts';
import { createChat, type MayKeepAnswer } from '../../models/chat-service.ts';
import type { ModelParts } from '../../models/model-parts.ts';
import { createProviders } from '../../models/provider-access.ts';
import { pauseFor } from '../../models/retry.ts';
import type { Spending } from '../../models/spending.ts';
import { createTokenKeeper } from '../connections/token-keeper.ts';
import { createRoutes, type Routes } from '../routes/routes.ts';
import { type Connections, createConnections } from './connections.ts';
import { discoverServers } from './discover-servers.ts';
import { ensureDefaults } from './first-start.ts';

/** Connections, routes, and calls to models. */
export interface Models {
  readonly chat: Chat;
  readonly connections: Connections;
  readonly routes: Routes;
  /** Finds model servers on this machine. */
  discover(): Promise<DiscoveredServer[]>;
  /** Creates what every workspace starts with. Can be called at each start. */
  ensureDefaults(workspaceId: string): Promise<void>;
}

/** Connects connections, routes, providers, and chat over one store. */
export function createModels(
  parts: ModelParts,
  { spending, memory, mayKeepAnswer }: { spending?: Spending; memory?: CallMemory; mayKeepAnswer?: MayKeepAnswer } = {},
): Models {
  const providers = createProviders(parts);
  const routes = createRoutes({ ...parts, memory });
  const keeper = createTokenKeeper({
    ...parts,
    fetch: parts.egress.fetchFor({ allowLoopback: false }),
    now: parts.clock.now,
    elapsed: () => performance.now(),
    pause: (ms) => setTimeout(ms),
  });
  return {
    chat: createChat({
      resolveRoute: routes.resolve,
      providerFor: providers.providerFor,
      clock: parts.clock,
      pause: pauseFor,
      admitCall: parts.admitCall,
      ...(spending && { spending }),
      ...(memory && { memory }),
      ...(mayKeepAnswer && { mayKeepAnswer }),
    }),
    connections: createConnections({ ...parts, newId: () => `con_${randomUUID()}`, limits: memory?.limits, keeper }, providers),
    routes,
    discover: () => discoverServers({ fetch: parts.egress.fetchFor({ allowLoopback: true }), ports: parts.modelServerPorts }),
    ensureDefaults: (workspaceId) => ensureDefaults(workspaceId, parts, providers),
  };
}
