import { queueTimeoutOf } from '@switchyard/shared/contracts/routes.ts';
import { AppError, type ErrorCode, type ErrorData, type FieldError, toAppError } from '@switchyard/shared/errors.ts';
import { copyOf } from '@switchyard/shared/model/target-copy.ts';
import type { Usage } from '@switchyard/shared/run/events.ts';
import type { ProviderAnswer, ProviderRequest } from '../provider.ts';
import { withinQuiet } from '../quiet-limit.ts';
import { type AttemptNotes, noteAttempt } from './attempt-notes.ts';
import type { Asked, Call, Fitting } from './call.ts';
import { badAnswer, checkedAnswer } from './check-answer.ts';
import { likelyTokens, paidFor } from './paid-call.ts';

/** An error as the record shows it. */
export const toErrorData = (error: AppError): ErrorData => ({ code: error.code, message: error.message });

/** One provider call and the check of its answer. */
async function attempt(call: Call, asked: Asked, notes: AttemptNotes): Promise<Fitting & { errors: readonly FieldError[] }> {
  const { target, access, limit } = asked;
  let { request } = asked;
  const noteSent = (sent: ProviderRequest): void => {
    request = sent;
    call.lastAsked = { ...asked, request };
    notes.sent(request);
  };
  const ask = (onLost: (usage: Usage) => void) =>
    withinQuiet(target, limit.signal, (limited, heard) => {
      noteSent(asked.request);
      return access.provider.chat(
        asked.request,
        limited,
        (text) => {
          heard();
          notes.heard(text);
          call.firstTokenMs ??= call.now() - call.startedAt;
          if (call.shown && !asked.streamed) call.onRestart();
          asked.streamed = true;
          call.shown = true;
          call.onDelta(text);
        },
        onLost,
        noteSent,
        call.spent.place?.traceparent,
      );
    });
  const answer = await paidFor(call, asked, ask, notes.paid);
  notes.answered(answer);
  const { toolCalls, ...text } = answer;
  // Instead of answering, the model asks for a function.
  if (toolCalls && request.tools) return { request, answer, value: undefined, errors: [] };
  if (text.content.trim() === '') throw emptyAnswer(target.model, answer);
  return { request, answer: text, ...checkedAnswer(call.request, text.content) };
}

function emptyAnswer(model: string, { toolCalls, finishReason }: ProviderAnswer): AppError {
  const what = toolCalls
    ? `called “${toolCalls[0]?.name.slice(0, 100)}” instead of answering, but the call offers no tools`
    : `returned an empty response (${finishReason})`;
  return new AppError('empty-answer', `“${model}” ${what}. Try again, or choose another model.`);
}

/** Makes one attempt and records it. Throws what the provider threw; an answer that does not fit is returned with its error. */
export async function recorded(call: Call, asked: Asked): Promise<Fitting & { misfit?: AppError }> {
  const startedAt = call.now();
  const notes = noteAttempt(call);
  let queuedMs = 0;
  let sent = false;
  const { access, target } = asked;
  const keep = (error?: AppError): number => {
    const latencyMs = call.now() - startedAt - queuedMs;
    call.attempts.push({
      connection: access.connection,
      model: target.model,
      latencyMs,
      ...(queuedMs > 0 && { queuedMs }),
      ...(error && { error: toErrorData(error) }),
      ...notes.end(error !== undefined),
    });
    return latencyMs;
  };
  const record = (error?: AppError): void => {
    const latencyMs = keep(error);
    const { connectionId, model } = target;
    // A call rejected before it reached the provider says nothing about the target.
    if (sent && error?.code !== 'budget-exceeded' && error?.code !== 'stopped')
      call.memory.figures.noteAttempt(
        { ...call.spent, connectionId, model, copy: copyOf(call.route.targets, target) },
        { latencyMs, failed: error !== undefined, costMicros: notes.costMicros() },
      );
  };
  const circuit = circuitOf(call, asked);
  try {
    const { errors, ...fitting } = await inTurn(call, asked, circuit.check, async (waitedMs) => {
      queuedMs = waitedMs;
      await call.admit(asked.target);
      circuit.enter();
      sent = true;
      return attempt(call, asked, notes);
    });
    circuit.succeeded();
    const misfit = errors.length > 0 ? badAnswer(fitting.answer, errors) : undefined;
    record(misfit);
    return { ...fitting, ...(misfit && { misfit }) };
  } catch (thrown) {
    const error = toAppError(thrown, 'provider-unavailable');
    circuit.ended(call.signal.aborted ? undefined : error.code);
    if (call.signal.aborted) {
      // It says nothing about the target, either.
      if (sent) keep(toAppError(call.signal.reason, 'cancelled'));
      throw call.signal.reason;
    }
    record(error);
    throw error;
  }
}

/** Waits for the turn of a call on its connection (S58). A model that isn’t called anyway needs no turn. */
async function inTurn<T extends { readonly answer: ProviderAnswer }>(
  call: Call,
  { access, target, request, limit, hasNext }: Asked,
  check: () => void,
  send: (waitedMs: number) => Promise<T>,
): Promise<T> {
  check();
  const { workspaceId, place } = call.spent;
  const turn = await call.memory.limits.enter({
    key: connectionKey(workspaceId, target.connectionId),
    name: access.connection,
    limits: access.limits,
    workflow: place?.workflowId ?? '',
    tenant: place?.labels.tenant ?? '',
    tokens: likelyTokens(request),
    timeoutMs: queueTimeoutOf(target, hasNext),
    signal: limit.signal,
  });
  let used: number | undefined;
  try {
    const sent = await send(turn.waitedMs);
    used = sent.answer.usage.inputTokens + sent.answer.usage.outputTokens;
    return sent;
  } finally {
    turn.leave(used);
  }
}

/** Identifies a connection in the memory of calls. */
export const connectionKey = (workspaceId: string, connectionId: string): string => `${workspaceId} ${connectionId}`;

/** The circuit of a target. The demo model has none. */
function circuitOf({ memory: { circuits } }: Call, { access, target: { connectionId, model } }: Asked) {
  if (access.kind === 'demo') return { check: () => {}, enter: () => {}, succeeded: () => {}, ended: () => {} };
  let entered = false;
  const open = (): AppError => {
    const seconds = Math.ceil(circuits.stateOf(connectionId, model).retryInMs / 1_000);
    return new AppError('circuit-open', `“${model}” on “${access.connection}” kept failing, so it isn’t called. The next attempt is in ${seconds} s.`, {
      beforeEffect: true,
    });
  };
  return {
    /** Throws `circuit-open` without starting a trial. */
    check: (): void => {
      if (circuits.stateOf(connectionId, model).state === 'open') throw open();
    },
    enter: (): void => {
      entered = circuits.enter(connectionId, model);
      if (!entered) throw open();
    },
    succeeded: () => circuits.succeeded(connectionId, model),
    /** A provider error is a failure. Any other end says nothing about the provider. */
    ended: (code: ErrorCode | undefined): void => {
      if (!entered) return;
      if (code?.startsWith('provider-') || code === 'empty-answer') circuits.failed(connectionId, model, code as ErrorCode);
      else circuits.left(connectionId, model);
    },
  };
}
