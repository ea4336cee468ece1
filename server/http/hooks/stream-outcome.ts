import type { ServerResponse } from 'node:http';
import type { Log } from '../../log.ts';
import type { RunDeltas } from '../../services/runs/run-deltas.ts';
import type { AcceptedCall, CallOutcome } from '../../services/webhooks/receive-call.ts';
import { failureOf, replyHeaders, replyStatus } from './hook-reply.ts';

/*
 * Mode `stream`: server-sent events (WHATWG HTML §9.2) until there is a response (S23). `delta` has words of a model, from nodes that
 * stream them, and `restart` voids those of a call (S59). Then exactly one of `done`, `waiting`, and `error`, and the end. Deltas are sent once, and the response has all the text.
 */

const HEARTBEAT_MS = 15_000;
/** A reader this far behind gets no more deltas, but still gets the response. */
const MOST_UNREAD_BYTES = 1_000_000;

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
    if (restart) response.write(event('restart', { stepId, callId }));
    if (text !== '' && response.writableLength < MOST_UNREAD_BYTES) response.write(event('delta', { stepId, callId, text }));
  });
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // Proxies that follow nginx buffer events otherwise.
    'x-accel-buffering': 'no',
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
    response.end(event('error', failureOf({ ...call, error: null })));
    return 'internal';
  } finally {
    clearInterval(heartbeat);
    stop();
  }
}

function lastEvent(outcome: CallOutcome): string {
  const { runId, statusUrl } = outcome;
  if (outcome.kind === 'failed') return event('error', failureOf(outcome));
  if (outcome.kind === 'waiting' || outcome.kind === 'accepted') return event('waiting', { runId, statusUrl });
  if (outcome.kind === 'empty') return event('done', { runId, status: 204, headers: {}, value: null });
  const { reply } = outcome;
  return event('done', { runId, status: replyStatus(reply), headers: replyHeaders(reply), value: reply.value ?? null });
}

/** JSON contains no line breaks, so one `data` line is enough. */
const event = (name: string, data: unknown): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
