import type { listRouteCalls as listContract, RouteCall, tryRoute } from '@switchyard/shared/contracts/calls/route-calls.ts';
import type { TriedCall } from '@switchyard/shared/contracts/calls/tried-call.ts';
import type { BodyOf, QueryOf } from '@switchyard/shared/contracts/contract.ts';
import { textMessage } from '@switchyard/shared/model/chat.ts';
import { workflows } from '../../store/collections.ts';
import { type ModelCallRow, modelCalls } from '../../store/money-collections.ts';
import type { Page } from '../../store/port.ts';
import type { ServiceContext } from '../context.ts';
import type { TryCall, TryOptions } from '../models/try-call.ts';
import { findRoute } from './change-route.ts';

/* The calls of a route: those in the ledger, and a test message. */

type Wanted = Omit<QueryOf<typeof listContract>, 'limit'> & { readonly limit: number };

/** Lists the calls of a route, newest first. */
export async function listRouteCalls({ store }: ServiceContext, name: string, { limit, cursor, target, outcome }: Wanted): Promise<Page<RouteCall>> {
  await findRoute(store, name);
  const page = await store.find(modelCalls, {
    where: { route: name, ...(target !== undefined && { target }), ...(outcome !== undefined && { outcome }) },
    order: { field: 'at', descending: true },
    limit,
    ...(cursor !== undefined && { cursor }),
    aside: true,
  });
  const ids = [...new Set(page.items.flatMap(({ workflow }) => workflow ?? []))];
  const names = new Map(await Promise.all(ids.map(async (id) => [id, (await store.get(workflows, id))?.name ?? null] as const)));
  return { ...page, items: page.items.map((row) => callView(row, names)) };
}

function callView(row: ModelCallRow, names: ReadonlyMap<string, string | null>): RouteCall {
  const { id, at, workflow, node, source, routeVersion, model, error, inputTokens, outputTokens, costMicros } = row;
  const [connectionId, targetModel] = targetOf(row);
  return {
    id,
    at,
    runId: row.run ?? null,
    stepId: row.step ?? null,
    nodeKey: node === null ? null : node.slice(node.indexOf('/') + 1),
    workflow: workflow === null ? null : { id: workflow, name: names.get(workflow) ?? null },
    source: SOURCES.find((known) => known === source) ?? (workflow === null ? 'openai-api' : 'run'),
    routeVersion: routeVersion ?? null,
    connectionId,
    model: targetModel ?? model,
    outcome: row.outcome ?? null,
    fallbackReason: row.fallbackReason ?? null,
    error,
    attempts: row.attempts ?? null,
    latencyMs: row.latencyMs ?? null,
    inputTokens,
    outputTokens,
    costMicros,
  };
}

const SOURCES = ['run', 'openai-api', 'playground', 'experiment'] as const;

/** The connection and model of a target. Model names may contain slashes. */
function targetOf({ target }: ModelCallRow): readonly [connectionId: string | null, model: string | null] {
  if (target === undefined) return [null, null];
  const slash = target.indexOf('/');
  return [target.slice(0, slash), target.slice(slash + 1)];
}

/** Sends a test message through a route. Throws `not-found`, and what `TryCall` throws. */
export type TryRoute = (context: ServiceContext, name: string, body: BodyOf<typeof tryRoute>, options: TryOptions) => Promise<TriedCall>;

export const createRouteTries =
  (tryCall: TryCall): TryRoute =>
  async (context, name, { message, system, labels }, options) => {
    await findRoute(context.store, name);
    const messages = [...(system === undefined || system.trim() === '' ? [] : [textMessage('system', system)]), textMessage('user', message)];
    return tryCall(context, { route: name, messages }, { ...options, labels: labels ?? {} });
  };
