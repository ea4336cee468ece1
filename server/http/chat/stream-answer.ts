import type { ServerResponse } from 'node:http';
import { ERRORS, type ErrorData, messageForCaller } from '@switchyard/shared/errors.ts';
import { parseAddress } from '@switchyard/shared/run/address.ts';
import type { Log } from '../../log.ts';
import type { ServiceContext } from '../../services/context.ts';
import type { HeardDelta, RunDeltas } from '../../services/runs/run-deltas.ts';
import { waitReply } from '../../services/triggers/chat/conversations.ts';
import { replyText } from '../../services/triggers/chat/reply-text.ts';
import type { AcceptedMessage } from '../../services/triggers/chat/send-message.ts';
import type { CallOutcome } from '../../services/webhooks/receive-call.ts';
import { EVENT_STREAM_HEADERS, event, HEARTBEAT_MS, MOST_UNREAD_BYTES } from '../event-stream.ts';

/*
 * The answer to a chat message as server-sent events. First `conversation` with its ID and the URL for feedback. `delta` has text of the answer as it is generated, and
 * `restart` voids it. Then exactly one of `done`, `waiting`, and `error`, and the end. `done` has the whole answer.
 */

interface Answer extends AcceptedMessage {
  readonly outcome: Promise<CallOutcome>;
  readonly context: ServiceContext;
  readonly deltas: Pick<RunDeltas, 'listen'>;
  readonly log: Pick<Log, 'error'>;
}

/** Streams an answer. A visitor who leaves cancels nothing. */
export async function streamAnswer(
  response: ServerResponse,
  { conversation, call, feedbackUrl, streamed, outcome, context, deltas, log }: Answer,
): Promise<void> {
  if (response.destroyed) return;
  const stop = deltas.listen(call.runId, heardBy(response, streamed));
  response.writeHead(200, { ...EVENT_STREAM_HEADERS, 'x-run-id': call.runId, 'x-conversation-id': conversation });
  response.write(event({ conversation, runId: call.runId, feedbackUrl }, 'conversation'));
  const heartbeat = setInterval(() => response.write(': still running\n\n'), HEARTBEAT_MS);
  const gone = new Promise<undefined>((resolve) => response.once('close', () => resolve(undefined)));
  const base = { conversation, runId: call.runId };
  try {
    const ended = await Promise.race([outcome, gone]);
    if (ended) response.end(await lastEvent(context, base, ended));
  } catch (error) {
    log.error({ runId: call.runId, err: error }, 'Reading the answer to a chat message failed');
    response.end(failed(base, { code: 'internal' }));
  } finally {
    clearInterval(heartbeat);
    stop();
  }
}

/** Only nodes whose text is the answer are heard, and one call at a time: another call starts the text again. */
function heardBy(response: ServerResponse, streamed: ReadonlySet<string>): (delta: HeardDelta) => void {
  let current: string | undefined;
  return ({ stepId, callId, text, restart }) => {
    const address = parseAddress(stepId);
    if (address?.kind !== 'step' || address.frame !== undefined || !streamed.has(address.nodeKey)) return;
    const call = `${stepId} ${callId}`;
    if (current !== undefined && (restart || call !== current)) response.write(event({}, 'restart'));
    current = call;
    if (text !== '' && response.writableLength < MOST_UNREAD_BYTES) response.write(event({ text }, 'delta'));
  };
}

interface Base {
  readonly conversation: string;
  readonly runId: string;
}

async function lastEvent(context: ServiceContext, base: Base, outcome: CallOutcome): Promise<string> {
  switch (outcome.kind) {
    case 'failed':
      return failed(base, outcome.error ?? { code: 'internal' });
    case 'reply':
      return outcome.reply.status >= 400
        ? failed(base, { code: 'output-failure' }, replyText(outcome.reply.value))
        : done(base, replyText(outcome.reply.value));
    case 'empty':
      return done(base, '');
    case 'accepted':
    case 'waiting':
      return event({ ...base, status: 'waiting', text: await waitReply(context, outcome.runId) }, 'waiting');
  }
}

const done = (base: Base, text: string): string => event({ ...base, status: 'answered', text }, 'done');

/** What the workflow says itself is shown. Other messages may name hosts or quote a provider, so only their title is. */
const failed = (base: Base, error: Pick<ErrorData, 'code' | 'details'>, said?: string): string =>
  event({ ...base, status: 'failed', code: error.code, title: ERRORS[error.code].title, detail: said || messageForCaller(error) }, 'error');
