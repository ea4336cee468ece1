import type { ReadAs } from '@switchyard/shared/contracts/webhooks.ts';
import { AppError, ERRORS, type ErrorData } from '@switchyard/shared/errors.ts';
import { hasErrors } from '@switchyard/shared/graph/problem.ts';
import type { CapturedCall } from '@switchyard/shared/realtime/protocol.ts';
import type { Reply, TriggerData } from '@switchyard/shared/run/events.ts';
import { isRemoved } from '@switchyard/shared/run/removed.ts';
import type { RunState } from '@switchyard/shared/run/state.ts';
import type { Settled } from '../../engine/engine-api.ts';
import type { RunRecord } from '../../store/collections.ts';
import { completions } from '../../store/triggers/completion-collection.ts';
import { isLarge, ownTurn } from '../../turns.ts';
import { actorOf } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import type { UploadedFile } from '../files/uploaded-file.ts';
import { newId } from '../ids.ts';
import { keptReply, orForgotten } from '../policies/ended-runs.ts';
import { enterFiles } from '../policies/enter-files.ts';
import { type EnteredRun, enterRun, redactorOf } from '../policies/enter-run.ts';
import { restoreTokens } from '../policies/token-vault.ts';
import { chooseVersion, choosing, type RunRelease } from '../releases/choose-version.ts';
import { acceptRun, type StartedRun } from '../runs/accept-run.ts';
import { refuseBadInput } from '../runs/admit-input.ts';
import { getRunRecord, refuseRemoved } from '../runs/get-run.ts';
import { freezeGraph, refuseErrors } from '../workflows/frozen-graph.ts';
import { type CallKey, isKeyTaken, runOfKey } from './call-keys.ts';
import type { CallCapture } from './capture-calls.ts';
import { expectCompletion } from './completions/completions.ts';
import type { HookRun, HookTarget } from './hook-targets.ts';

/** A webhook request, parsed and safe to store. */
export interface IncomingCall {
  readonly method: string;
  readonly contentType: string;
  readonly bytes: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  readonly readAs?: ReadAs;
  /** The original body, if it was text. */
  readonly text?: string | undefined;
  /** The files in the body. */
  readonly files?: readonly UploadedFile[];
  /** Reads the body again, where versions differ in which fields are text (`textFields`). Throws as the first time. */
  readonly readAgain?: (textFields: ReadonlySet<string>) => Pick<IncomingCall, 'body' | 'files'>;
  /** A repeated request with this key attaches to the run that the first one started (S22). */
  readonly key?: CallKey | undefined;
  /** Called when the run ends (mode `accepted`). */
  readonly completionUrl?: string | undefined;
  /** The caller waits for the output (mode `finished`). */
  readonly waited?: boolean;
}

/** The run of a request. */
export interface AcceptedCall {
  readonly runId: string;
  readonly statusUrl: string;
  /** An earlier request with the same key started it. */
  readonly repeated: boolean;
  /** Its committed state, if nothing has happened since. */
  readonly state?: RunState | undefined;
}

/** What to respond with. */
export type CallOutcome = AcceptedCall &
  (
    | { readonly kind: 'accepted' }
    | { readonly kind: 'waiting' }
    | { readonly kind: 'reply'; readonly reply: Reply }
    | { readonly kind: 'empty' }
    | { readonly kind: 'failed'; readonly error: ErrorData | null }
  );

const PAUSED_RETRY_MS = 60_000;

/** Throws if a webhook can't take any request now: `paused`, `not-published`. Free, so it is checked before the body is read. */
export function refuseClosedHook({ workflow, runs }: HookTarget): void {
  refusePaused(workflow);
  if (!runs) throw new AppError('not-published', 'This workflow isn’t published yet. Publish it, or use the test URL.');
}

/** Throws `paused` while a workflow’s triggers are rejected. */
export function refusePaused({ paused, pauseReason }: Pick<HookTarget['workflow'], 'paused' | 'pauseReason'>): void {
  if (!paused) return;
  throw new AppError('paused', `This workflow is paused${pauseReason ? `: ${pauseReason}` : ''}. Try again later.`, { retryAfterMs: PAUSED_RETRY_MS });
}

/**
 * Checks a request against the Input node and accepts its run, or finds the run that its key already started. A rejected request starts
 * nothing.
 */
export async function acceptCall(context: ServiceContext, capture: CallCapture, target: HookTarget, call: IncomingCall): Promise<AcceptedCall> {
  const { runs } = target;
  if (!runs) throw new AppError('not-published');
  const earlier = call.key && (await runOfKey(context, call.key));
  if (earlier) return acceptedCall(context, earlier, true);
  try {
    const { record, state } = await startOf(context, capture, target, runs, call);
    return { ...acceptedCall(context, record, false), state };
  } catch (error) {
    // A duplicate request won the race.
    const first = call.key && isKeyTaken(error) ? await runOfKey(context, call.key) : undefined;
    if (!first) throw error;
    return acceptedCall(context, first, true);
  }
}

const acceptedCall = (context: ServiceContext, run: RunRecord, repeated: boolean): AcceptedCall => ({
  runId: run.id,
  statusUrl: `${context.address()}/hooks/status/${run.statusToken}`,
  repeated,
});

/** Waits for the response, the end, or until the run exceeds the response timeout or needs a person. */
export async function outcomeOf(context: ServiceContext, { state, ...call }: AcceptedCall, deadlineMs: number): Promise<CallOutcome> {
  const outcome = await withKeptReply(context, call.runId, outcomeIn(await context.engine.settled(call.runId, deadlineMs, state)));
  if (outcome.kind !== 'reply' || !outcome.reply.restore) return { ...call, ...outcome };
  const { value, headers } = outcome.reply;
  const restored = await restoreTokens(context.store, context.policies.secrets, call.runId, { value, headers });
  return { ...call, kind: 'reply', reply: { ...outcome.reply, ...restored } };
}

/** The output that is kept for the caller if the run has ended and its data policy removed it. Throws `payload-removed` if it is gone. */
async function withKeptReply<T extends { kind: string }>(context: ServiceContext, runId: string, outcome: T | { kind: 'reply'; reply: Reply }) {
  if (!('reply' in outcome) || !isRemoved(outcome.reply.value)) return outcome;
  const run = await getRunRecord(context, runId);
  const reply = await keptReply(context.store, run, context.now());
  if (!reply) return refuseRemoved(run) ?? outcome;
  return { kind: 'reply' as const, reply };
}

/** Starts the run of a request. Listeners to the test URL see it, even if it is rejected. */
async function startOf(context: ServiceContext, capture: CallCapture, target: HookTarget, usual: HookRun, sent: IncomingCall): Promise<StartedRun> {
  const { workflow, kind } = target;
  const listened = kind === 'test' && capture.isListening(workflow.id);
  if (isLarge(sent.bytes)) await ownTurn();
  const told = sent.completionUrl === undefined ? {} : { id: newId('run', context.now()) };
  const { runs, release, ...fixed } = chosenRun(context, target, usual, { trigger: triggerOf(kind, sent), ...told });
  const { readAgain, ...first } = sent;
  const call = readAgain ? { ...first, ...readAgain(runs.textFields) } : first;
  const { text, key, waited, completionUrl, files, ...seen } = call;
  const received = triggerOf(kind, call);
  const errors = runs.admission(call.body);
  if (listened && errors.length > 0) await captureRejected(context, capture, target, { ...seen, errors: [...errors] });
  refuseBadInput(errors);
  const policy = target.policy?.inForce;
  const redacted: EnteredRun = policy ? await enterRun(context, policy, workflow.id, received, fixed) : { trigger: received, ...fixed };
  const entered = files ? await enterFiles(context, policy, workflow.id, redacted) : redacted;
  const { trigger } = entered;
  const show = (about: Pick<CapturedCall, 'at' | 'runId'>): void => {
    const { body, headers = {}, query = {} } = trigger;
    capture.captured(workflow.id, { ...seen, body, headers, query, ...about });
  };
  const { draft } = runs;
  if (draft) {
    const keep = () => keepDraft(context, draft, listened ? () => show({ at: context.now().toISOString() }) : undefined);
    await (entered.id === undefined ? keep() : orForgotten(context, entered.id, keep));
  }
  const { version, graphHash } = runs;
  const isTold = completionUrl !== undefined && entered.id !== undefined;
  if (isTold) await expectCompletion(context, entered.id, workflow.id, completionUrl);
  const started = await acceptRun(context, {
    workflow,
    version,
    graphHash,
    ...entered,
    inputText: text,
    labels: target.labelsOf?.(trigger),
    release,
    actor: actorOf(context.caller),
    key,
    waited,
    notifies: isTold,
  }).catch(async (thrown: unknown) => {
    if (isTold) await context.store.delete(completions, entered.id);
    throw thrown;
  });
  if (listened) show({ at: started.record.createdAt, runId: started.record.id });
  return started;
}

const triggerOf = (kind: HookTarget['kind'], { body, headers, query }: IncomingCall): TriggerData => ({
  kind: kind === 'live' ? 'webhook' : 'test-webhook',
  body,
  headers,
  query,
});

interface ChosenRun {
  readonly runs: HookRun;
  readonly release?: RunRelease | undefined;
  /** The ID of the run, if it is fixed. */
  readonly id?: string;
}

/** What a request runs: the stable version, or the canary (S83). */
function chosenRun(
  context: ServiceContext,
  { divided, labelsOf }: HookTarget,
  stable: HookRun,
  call: { readonly trigger: TriggerData; readonly id?: string },
): ChosenRun {
  const own = call.id === undefined ? {} : { id: call.id };
  if (!divided) return { runs: stable, ...own };
  const { version, release, id } = chooseVersion(divided.division, choosing(context), { ...call, labels: labelsOf?.(call.trigger) });
  const isCanary = divided.canary !== undefined && version === divided.canary.version;
  return { runs: isCanary ? divided.canary : stable, release, ...own, ...(id !== undefined && { id }) };
}

/** Shows a listener a request that the Input node rejected, as the data policy leaves it. */
async function captureRejected(context: ServiceContext, capture: CallCapture, { workflow, policy }: HookTarget, call: Omit<CapturedCall, 'at'>): Promise<void> {
  const at = context.now().toISOString();
  if (!policy) return capture.captured(workflow.id, { at, ...call });
  const { body, headers, query, errors = [] } = call;
  const redactor = redactorOf(context, policy.inForce, { runId: newId('run', context.now()), workflowId: workflow.id });
  capture.captured(workflow.id, { at, ...call, ...(await redactor.shown({ body, headers, query, errors })) });
}

async function keepDraft(context: ServiceContext, draft: NonNullable<HookRun['draft']>, refused: (() => void) | undefined): Promise<void> {
  if (hasErrors(draft.problems)) {
    refused?.();
    refuseErrors(draft.problems, 'run');
  }
  await freezeGraph(context, draft.graph);
}

function outcomeIn(settled: Settled) {
  if (settled.kind === 'reply') return { kind: 'reply', reply: settled.reply } as const;
  if (settled.kind !== 'ended') return { kind: 'waiting' } as const;
  if (settled.status === 'succeeded') return { kind: 'empty' } as const;
  // A canceled run has no error of its own.
  const error: ErrorData | null = settled.status === 'cancelled' ? { code: 'cancelled', message: ERRORS.cancelled.title } : settled.error;
  return { kind: 'failed', error } as const;
}
