import { AppError, isAppError } from '@switchyard/shared/errors.ts';
import { signalId } from '@switchyard/shared/run/address.ts';
import { storedCallback } from '@switchyard/shared/run/callback.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import { type RunRecord, runs, type SignalRecord, signals, type WebhookRecord, webhooks } from '../../store/collections.ts';
import { actorOf, triggerCaller } from '../caller.ts';
import { contextFor, type Installation, type ServiceContext, timestamp } from '../context.ts';
import { redactorOf } from '../policies/enter-run.ts';
import { sealedValue, sealOf } from '../policies/run-seal.ts';
import { insertForRun } from '../runs/insert-for-run.ts';
import { readCallbackToken } from './callback-token.ts';

/** A callback that a run expects, or will expect. */
export interface OpenCallback {
  readonly context: ServiceContext;
  readonly run: RunRecord;
  readonly waitId: string;
  /** The limits of the workflow’s webhook hold for its callbacks too. */
  readonly limits: Pick<WebhookRecord, 'maxBodyBytes' | 'requestsPerMinute'>;
}

const DEFAULT_LIMITS = { maxBodyBytes: 1_000_000 };

/** The callback of a URL. Throws `not-found`, `run-ended`, and `callback-closed` if the wait has ended. */
export async function openCallback(installation: Installation, secrets: Pick<Secrets, 'keyedHash'>, token: string): Promise<OpenCallback> {
  const place = readCallbackToken(secrets, token);
  const context = place && contextFor(installation, triggerCaller(place.workspaceId, 'callback'));
  const run = context && (await context.store.get(runs, place.runId));
  if (!run) throw new AppError('not-found', 'Callback not found. Check the URL.');
  const { waitId } = place;
  const first = await context.store.get(signals, signalId(run.id, waitId));
  if (first) throw closed(first);
  if (isEnded(run.status)) throw new AppError('run-ended', 'The run has already ended, so it expects no callback.');
  return { context, run, waitId, limits: (await context.store.get(webhooks, run.workflowId)) ?? DEFAULT_LIMITS };
}

/** Ends the wait with a body, or keeps the body until the run waits for it. The first one counts (S17). Throws `callback-closed`. */
export async function receiveCallback({ context, run, waitId }: OpenCallback, body: unknown): Promise<void> {
  const { store, policies } = context;
  const policy = run.policy === undefined ? undefined : await policies.byHash(store, run.policy);
  const entered = policy ? await redactorOf(context, policy, { runId: run.id, workflowId: run.workflowId }).value(body) : body;
  const seal = await sealOf(store, policies.secrets, run.id);
  const value = storedCallback(entered);
  const signal: SignalRecord = {
    id: signalId(run.id, waitId),
    workspaceId: context.workspaceId,
    runId: run.id,
    kind: 'callback',
    waitId,
    value: seal ? sealedValue(seal, value) : value,
    at: timestamp(context),
    actor: actorOf(context.caller),
    moved: 0,
  };
  try {
    await insertForRun(context, signals, signal, run.id);
  } catch (error) {
    if (!isAppError(error, 'already-exists')) throw error;
    throw closed((await store.get(signals, signal.id)) ?? signal);
  }
  context.engine.wake(run.id);
}

const closed = ({ kind, at }: Pick<SignalRecord, 'kind' | 'at'>): AppError =>
  new AppError('callback-closed', kind === 'callback' ? `The callback already arrived at ${at}.` : `The callback was due by ${at}.`, {
    details: { reason: kind === 'callback' ? 'received' : 'overdue', at },
  });
