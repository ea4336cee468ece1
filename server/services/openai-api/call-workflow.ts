import { AppError, type ErrorData, messageForCaller } from '@switchyard/shared/errors.ts';
import { textOf } from '@switchyard/shared/model/chat.ts';
import { parseAddress } from '@switchyard/shared/run/address.ts';
import type { Reply, Usage } from '@switchyard/shared/run/events.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import { actorOf } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { enterRun } from '../policies/enter-run.ts';
import { chooseVersion, choosing } from '../releases/choose-version.ts';
import { waitText } from '../reviews/wait-text.ts';
import { acceptRun } from '../runs/accept-run.ts';
import { type Admission, refuseBadInput } from '../runs/admit-input.ts';
import { failureRetryMs, failureStatus } from '../runs/failure-for-caller.ts';
import { getRun, getRunRecord } from '../runs/get-run.ts';
import type { HeardDelta, RunDeltas } from '../runs/run-deltas.ts';
import { type CallOutcome, outcomeOf } from '../webhooks/receive-call.ts';
import type { Callables, CallableVersion } from './callables.ts';
import { type CalledRun, type CallOptions, type ModelAnswer, type ModelCall, startedAgain, unknownModel, unsupported } from './model-call.ts';

/** The default timeout of OpenAI’s clients. */
const LONGEST_WAIT_MS = 600_000;

/** Runs the live version of a workflow with the messages as its input. A caller who disconnects cancels nothing (S23). */
export async function callWorkflow(
  context: ServiceContext,
  { deltas, callables }: { readonly deltas: RunDeltas; readonly callables: Callables },
  slug: string,
  call: ModelCall,
  options: CallOptions,
): Promise<ModelAnswer> {
  const callable = await callables(context, slug);
  if (!callable) throw unknownModel(call.model);
  refuseModelSettings(call);
  const { workflow, stable, canary, division, policy } = callable;
  const given = { kind: 'openai', body: inputOf(call, stable.admission) } as const;
  const { version, release, id } = chooseVersion(division, choosing(context), { trigger: given });
  const { number, hash, admission, streamed } = canary?.number === version ? canary : stable;
  const trigger = { ...given, body: inputOf(call, admission) };
  const entered = await enterRun(context, policy, workflow.id, trigger, id === undefined ? {} : { id });
  const { record, state } = await acceptRun(context, {
    workflow,
    version: number,
    graphHash: hash,
    id,
    ...entered,
    release,
    actor: actorOf(context.caller),
    waited: true,
  });
  const run = { runId: record.id, statusUrl: `${context.address()}/hooks/status/${record.statusToken}` };
  const text = textOfResponse(streamed, options.onDelta);
  const stop = call.stream ? deltas.listen(run.runId, text.hear) : () => undefined;
  try {
    options.onRun(run);
    const answer = await answerOf(context, await outcomeOf(context, { ...run, repeated: false, state }, LONGEST_WAIT_MS), run);
    if (text.isVoid()) throw startedAgain();
    return answer;
  } finally {
    stop();
  }
}

/** Rejects settings that the workflow’s own nodes decide. Sampling settings are ignored, because most clients send some. */
function refuseModelSettings({ tools, schema }: ModelCall): void {
  if (tools && tools.length > 0) throw unsupported('tools', 'A workflow calls its own tools. Send tools to route/<name> instead.');
  if (schema) throw unsupported('response_format', 'A workflow’s Output node decides the format of its response. Use route/<name> for a schema.');
}

/** The last user text and all messages. If the workflow’s input doesn’t allow `messages`, only the text. */
function inputOf(call: ModelCall, admission: Admission): unknown {
  const last = call.messages.findLast((message) => message.role === 'user' && message.content.some(({ type }) => type !== 'tool-result'));
  const message = last ? textOf(last) : '';
  const whole = { message, messages: call.written };
  if (admission(whole).length === 0) return whole;
  refuseBadInput(admission({ message }));
  return { message };
}

/** Streams the first call of a streamed node. The text of another call would be appended to what the caller already has. */
function textOfResponse(streamed: CallableVersion['streamed'], onDelta: CallOptions['onDelta']) {
  let from: string | undefined;
  let sent = false;
  let isVoid = false;
  return {
    hear: ({ stepId, callId, text, restart, isLost }: HeardDelta): void => {
      const address = parseAddress(stepId);
      if (address?.kind !== 'step' || address.frame !== undefined || !streamed.has(address.nodeKey)) return;
      const call = `${stepId} ${callId}`;
      from ??= call;
      if (from !== call) return;
      // After a gap, the text that was sent is still the beginning of the response.
      isVoid ||= sent && restart === true && !isLost;
      if (isVoid || text === '') return;
      sent = true;
      onDelta(text);
    },
    /** Whether text that was sent must be discarded. */
    isVoid: () => isVoid,
  };
}

async function answerOf(context: ServiceContext, outcome: CallOutcome, run: CalledRun): Promise<ModelAnswer> {
  const usage = await usageOf(context, run.runId);
  const said = (text: string): ModelAnswer => ({ text, toolCalls: [], finishReason: 'stop', usage, run });
  if (outcome.kind === 'failed') throw failed(context, outcome.error, run);
  if (outcome.kind === 'reply') return said(textOfReply(outcome.reply, run));
  return said(outcome.kind === 'empty' ? '' : `${await waitText(context, run.runId)} The result will be at ${run.statusUrl}`);
}

/** What a run has used. Its record has it once it has ended; before, its journal does. */
async function usageOf(context: ServiceContext, runId: string): Promise<Usage> {
  const record = await getRunRecord(context, runId);
  return isEnded(record.status) ? record.usage : (await getRun(context, runId)).usage;
}

/** The Output node’s value: text as it is, anything else as JSON. Throws if the node sends an error status. */
function textOfReply({ value, status }: Reply, run: CalledRun): string {
  const text = typeof value === 'string' ? value : value === null || value === undefined ? '' : JSON.stringify(value);
  if (status >= 400) throw new AppError('output-failure', text, { details: { run, status } });
  return text;
}

/** The error of a failed run, for its caller. */
function failed(context: ServiceContext, error: ErrorData | null, run: CalledRun): AppError {
  const code = error?.code ?? 'internal';
  const retryAfterMs = error ? failureRetryMs(error, context.now()) : undefined;
  return new AppError(code, messageForCaller(error ?? { code }), { retryAfterMs, details: { run, status: failureStatus(error ?? { code }) } });
}
