import type { ServerResponse } from 'node:http';
import type { Log } from '../../log.ts';
import type { RunDeltas } from '../../services/runs/run-deltas.ts';
import type { AcceptedCall, CallOutcome } from '../../services/webhooks/receive-call.ts';
import { EVENT_STREAM_HEADERS, event, HEARTBEAT_MS, MOST_UNREAD_BYTES } from '../event-stream.ts';
import { failureOf, replyHeaders, replyStatus } from './hook-reply.ts';

/*
 * Mode `stream`: server-sent events (WHATWG HTML §9.2) until there is a response (S23). `delta` has words of a model, from nodes that
 * stream them, and `restart` voids those of a call (S59). Then exactly one of `done`, `waiting`, and `error`, and the end. Deltas are sent once, and the response has all the text.
 */

interface Stream {
  readonly call: AcceptedCall;
  readonly outcome: Promise<CallOutcome>;
  readonly deltas: Pick<RunDeltas, 'listen'>;
  readonly log: Pick<Log, 'error'>;
  readonly heartbeatMs?: number;
}

/** Streams the outcome of a run. Resolves with the code of its error, if it failed. A caller who disconnects cancels nothing. */
export async function streamOutcome(response: ServerResponse, { call, outcome, deltas, log, heartbeatMs = HEARTBEAT_MS }: Stream): Promise<string | null> {
  if (response.destroyed) return null;
  const stop = deltas.listen(call.runId, ({ stepId, callId, text, restart }) => {
    // A reader that missed deltas still learns that they are void.
    if (restart) response.write(event({ stepId, callId }, 'restart'));
    if (text !== '' && response.writableLength < MOST_UNREAD_BYTES) response.write(event({ stepId, callId, text }, 'delta'));
  });
  response.writeHead(200, {
    ...EVENT_STREAM_HEADERS,
    'x-run-id': call.runId,
    location: call.statusUrl,
    ...(call.repeated && { 'idempotent-replayed': 'true' }),
  });
  response.write(': the run has started\n\n');
  const heartbeat = setInterval(() => response.write(': still running\n\n'), heartbeatMs);
  const gone = new Promise<undefined>((resolve) => response.once('close', () => resolve(undefined)));
  try {
    const ended = await Promise.race([outcome, gone]);
    if (!ended) return null;
    response.end(lastEvent(ended));
    return ended.kind === 'failed' ? (ended.error?.code ?? 'internal') : null;
  } catch (error) {
    log.error({ runId: call.runId, err: error }, 'Reading the outcome of a streamed run failed');
    response.end(event(failureOf({ ...call, error: null }), 'error'));
    return 'internal';
  } finally {
    clearInterval(heartbeat);
    stop();
  }
}

function lastEvent(outcome: CallOutcome): string {
  const { runId, statusUrl } = outcome;
  if (outcome.kind === 'failed') return event(failureOf(outcome), 'error');
  if (outcome.kind === 'waiting' || outcome.kind === 'accepted') return event({ runId, statusUrl }, 'waiting');
  if (outcome.kind === 'empty') return event({ runId, status: 204, headers: {}, value: null }, 'done');
  const { reply } = outcome;
  return event({ runId, status: replyStatus(reply), headers: replyHeaders(reply), value: reply.value ?? null }, 'done');
}
