import type { Route, RouteSettings, RouteTarget } from '@switchyard/shared/contracts/routes.ts';
import { AppError, toAppError } from '@switchyard/shared/errors.ts';
import { validateJson } from '@switchyard/shared/json-schema/validate.ts';
import { type ChatRequest, textOf } from '@switchyard/shared/model/chat.ts';
import { copyOf } from '@switchyard/shared/model/target-copy.ts';
import { NO_USAGE } from '@switchyard/shared/run/usage.ts';
import type { CallPlace } from '../engine/ports.ts';
import type { CachedCall } from './calls/answer-cache.ts';
import { askTarget, providerRequest, withinTime } from './calls/ask-target.ts';
import { toErrorData } from './calls/attempt.ts';
import type { Call, Fitting, ProviderAccess } from './calls/call.ts';
import { type CallMemory, createCallMemory } from './calls/call-memory.ts';
import { chainFailed, cutShort, noteSpent, result } from './calls/call-record.ts';
import { checkedAnswer } from './calls/check-answer.ts';
import { type CallFacts, chooseTargets, type TargetChoice } from './calls/target-choice.ts';
import type { AdmitCall, Chat } from './chat-port.ts';
import type { Pause } from './retry.ts';
import { NO_SPENDING, type Spending } from './spending.ts';

/*
 * Calls a route: its targets in order, until one returns an answer that fits. Invariants:
 * 1. A target is called again only after a transient failure (retry.ts), and once to repair an answer that doesn't fit its schema.
 * 2. Every other failure, including a refusal, leads to the next target: what one model rejects, another may accept. Only the caller's
 *    abort ends the chain.
 * 3. Every provider call is one attempt in the record; tokens and cost cover all of them.
 * 4. Deltas are shown as they arrive. Before the text of another attempt, `onRestart` retracts the text shown so far. If shown text can't
 *    be taken back, because of the caller or the route, a failure after the first delta ends the chain instead (S59).
 * 5. Each attempt is checked against the kill switches (S64).
 */

/** Whether the answer of a call may be cached. */
export type MayKeepAnswer = (call: { readonly workspaceId: string; readonly place: CallPlace | undefined }) => Promise<boolean>;

export interface ChatParts {
  /** Throws `unknown-route`. */
  resolveRoute(workspaceId: string, name: string): Promise<ResolvedRoute>;
  /** Throws `not-found` if the connection was deleted. */
  providerFor(workspaceId: string, connectionId: string): Promise<ProviderAccess>;
  readonly clock: { now(): Date };
  readonly admitCall: AdmitCall;
  /** Waits before a retry; rejects with the signal’s reason. */
  readonly pause: Pause;
  /** Budgets, prices, and usage. */
  readonly spending?: Spending;
  readonly memory?: CallMemory;
  /** Whether the answer of a call may be kept in memory. Policies on what is logged decide it; without them, it may (S61). */
  readonly mayKeepAnswer?: MayKeepAnswer;
}

type ResolvedRoute = Pick<Route, 'name' | 'version'> & Omit<RouteSettings, 'description'>;

const ignore = (): void => {};

/** The longest time a step may take. */
const DAY_MS = 86_400_000;

/** Creates the Chat port. If every target fails, throws the last target’s error with `attempts` in its details, and `usage` and `costMicros` if something was spent. */
export function createChat(parts: ChatParts): Chat {
  const { spending = NO_SPENDING, memory = createCallMemory(), mayKeepAnswer = async () => true } = parts;
  return async (
    request,
    {
      workspaceId,
      signal,
      onDelta,
      onRestart = ignore,
      onFallback = ignore,
      onFailed = ignore,
      place,
      purpose,
      limit = place?.limit,
      labels = place?.labels ?? {},
      toCaller = false,
      textIsFinal = false,
      ...journal
    },
  ) => {
    const degraded = await spending.degradation({ workspaceId, route: request.route, place });
    const route = await parts.resolveRoute(workspaceId, degraded?.to ?? request.route);
    if (request.schema) validateJson(request.schema, null);
    const now = () => parts.clock.now().getTime();
    const choice = chooseTargets(route, factsOf(request, place, labels));
    const call: Call = {
      request,
      signal,
      now,
      startedAt: now(),
      route: { name: route.name, version: route.version, targets: route.targets, ...(choice.stickyFault !== undefined && { stickyFault: choice.stickyFault }) },
      degraded,
      attempts: [],
      leftOut: [],
      memory,
      cacheTtlMs: route.cacheTtlMs !== null && !place?.uncached && (await mayKeepAnswer({ workspaceId, place })) ? route.cacheTtlMs : undefined,
      fallbackWarningMs: route.fallbackWarningMs,
      spending,
      spent: { workspaceId, route: route.name, routeVersion: route.version, place, purpose, limit },
      prices: await spending.prices(workspaceId),
      unpriced: false,
      price: undefined,
      settling: [],
      recorded: journal.recorded ?? Promise.resolve(),
      usage: NO_USAGE,
      cost: 0,
      firstTokenMs: undefined,
      shown: false,
      textIsFinal: textIsFinal || (toCaller && route.onBrokenStream === 'fail'),
      onDelta,
      onRestart,
      onFallback,
      onFailed,
      lastAsked: undefined,
      trying: undefined,
      admit: ({ model, connectionId }) => parts.admitCall({ workspaceId, run: place, route: route.name, model, connectionId }, signal),
      // Last: nothing may fail between here and its end.
      open: memory.openCalls.begin({ workspaceId, route: route.name, place }),
    };
    const { onSettling } = journal;
    // Settled while the usage is noted: one commit has both.
    return tryTargets(parts, call, choice)
      .finally(call.open.end)
      .finally(() => {
        const settled = Promise.all(call.settling);
        return onSettling ? onSettling(settled) : settled;
      });
  };
}

const factsOf = (request: ChatRequest, place: CallPlace | undefined, labels: CallFacts['labels']): CallFacts => ({
  labels,
  size: request.messages.reduce((sum, message) => sum + textOf(message).length, 0),
  attempt: place?.attempt ?? 1,
  msLeft: place?.msLeft ?? (() => DAY_MS),
});

async function tryTargets(parts: ChatParts, call: Call, choice: TargetChoice): ReturnType<Chat> {
  const { signal } = call;
  let failure: AppError | undefined;
  for (const [index, target] of choice.targets.entries()) {
    if (signal.aborted) throw cutShort(call);
    const place = { connectionId: target.connectionId, model: target.model, copy: copyOf(call.route.targets, target) };
    const reason = choice.leftOut(target);
    if (reason !== undefined) {
      call.leftOut.push({ connectionId: target.connectionId, model: target.model, reason });
      call.open.passed(place, 'left-out');
      continue;
    }
    const hasNext = choice.targets.slice(index + 1).some((next) => choice.leftOut(next) === undefined);
    call.open.trying(place);
    call.trying = { target: { connectionId: target.connectionId, model: target.model }, fallbackReason: failure?.code ?? null };
    try {
      const { access, fitting } = await tryTarget(parts, call, target, { hasNext, failure });
      noteSpent(call, { model: fitting.answer.model, connection: access.connection }, null);
      noteAnswered(call, target, failure);
      return result(call, access, fitting);
    } catch (thrown) {
      if (signal.aborted) throw cutShort(call);
      failure = toAppError(thrown, 'provider-unavailable');
      // If that fails, so does the call: nothing was sent.
      await call.recorded;
      call.open.passed(place, failure.code);
      if (call.textIsFinal && call.shown) break;
    }
  }
  call.memory.figures.noteCall(call.spent, { answered: false, warnAfterMs: call.fallbackWarningMs });
  failure ??= noTarget(call);
  const { connection = '', model = '' } = call.attempts.at(-1) ?? {};
  if (call.attempts.length > 0) noteSpent(call, { model, connection }, failure.code);
  throw chainFailed(failure, call);
}

async function tryTarget(
  parts: ChatParts,
  call: Call,
  target: RouteTarget,
  { hasNext, failure }: { readonly hasNext: boolean; readonly failure: AppError | undefined },
): Promise<{ access: ProviderAccess; fitting: Fitting }> {
  const access = await parts
    .providerFor(call.spent.workspaceId, target.connectionId)
    .catch((thrown: unknown) => recordUnreached(call, target, toAppError(thrown)));
  const failed = call.attempts.at(-1);
  if (failure && failed) {
    const from = { connection: failed.connection, model: failed.model };
    call.onFallback({ from, to: { connection: access.connection, model: target.model }, error: toErrorData(failure) });
  }
  const cached = await cachedAnswer(call, target, access);
  if (cached) return { access, fitting: cached };
  const asked = { target, access, request: providerRequest(call.request, target), hasNext, streamed: false };
  const fitting = await withinTime(target, call.signal, (limit) => askTarget(call, { ...asked, limit }, parts.pause));
  if (call.cacheTtlMs !== undefined) call.memory.answers.keep(cachedCall(call, target), fitting.answer, call.cacheTtlMs);
  return { access, fitting };
}

const cachedCall = ({ request, spent: { workspaceId, route } }: Call, target: RouteTarget): CachedCall => ({
  workspaceId,
  route,
  connectionId: target.connectionId,
  request: providerRequest(request, target),
});

/** The answer of an equal earlier call to this target, if the route has a cache. */
async function cachedAnswer(call: Call, target: RouteTarget, { connection }: ProviderAccess): Promise<Fitting | undefined> {
  const wanted = cachedCall(call, target);
  const answer = call.cacheTtlMs === undefined ? undefined : call.memory.answers.get(wanted);
  if (!answer) return undefined;
  await call.admit(target);
  await call.recorded;
  call.attempts.push({ connection, model: target.model, latencyMs: 0 });
  if (call.shown) call.onRestart();
  if (answer.content !== '') call.onDelta(answer.content);
  return { cached: true, request: wanted.request, answer, value: checkedAnswer(call.request, answer.content).value };
}

/** Notes for the figures of the route which target answered. `failure` is why the one before it didn’t. */
function noteAnswered(call: Call, { connectionId, model }: RouteTarget, failure: AppError | undefined): void {
  const { runId = null, workflowId = null, nodeKey = null } = call.spent.place ?? {};
  const latencyMs = call.now() - call.startedAt;
  call.memory.figures.noteCall(call.spent, {
    answered: true,
    ...(failure && { fallback: { runId, workflowId, nodeKey, reason: failure.code, connectionId, model, latencyMs } }),
    warnAfterMs: call.fallbackWarningMs,
  });
}

function noTarget({ route, leftOut }: Call): AppError {
  if (leftOut.length === 0) return new AppError('no-target', `The route “${route.name}” has no targets. Add one under Models.`);
  const why = leftOut.map(({ model, reason }) => `“${model}”: ${reason}`).join(' ');
  return new AppError('no-target', `The conditions of the route “${route.name}” left out all of its targets. ${why}`);
}

/** Records a target whose connection cannot be used as an attempt, too. */
function recordUnreached(call: Call, target: RouteTarget, error: AppError): never {
  call.attempts.push({ connection: target.connectionId, model: target.model, latencyMs: 0, error: toErrorData(error) });
  throw error;
}
