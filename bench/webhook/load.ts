import autocannon from 'autocannon';
import { expectedReply, ORDERS, type OrderReply } from './orders.ts';

/*
 * The load generator: a process of its own, so that it shares no event loop with what it measures. Checks every reply.
 * `load.ts <url> <connections> <seconds>`, started with an IPC channel, over which it sends one LoadResult.
 */

export interface LoadResult {
  readonly perSecond: number;
  readonly replies: number;
  /** The first reply that was not what it must be, if there was one. */
  readonly wrong: string | null;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** `x-run-id` of the replies that had one. */
  readonly runIds: readonly string[];
}

const [url = '', connections = '50', seconds = '1'] = process.argv.slice(2);
const runIds: string[] = [];
let replies = 0;
let wrong: string | null = null;

const requests = ORDERS.map((order): autocannon.Request => {
  const expected = expectedReply(order);
  return {
    method: 'POST',
    body: JSON.stringify(order),
    onResponse: (status, body, _context, headers) => {
      if (isRight(status, body, expected)) replies++;
      else wrong ??= `${order.id} got ${status} ${body.slice(0, 300)}`;
      const runId = (headers as Record<string, string> | undefined)?.['x-run-id'];
      if (runId !== undefined) runIds.push(runId);
    },
  };
});

function isRight(status: number, body: string, expected: OrderReply): boolean {
  if (status !== 200) return false;
  const reply = JSON.parse(body) as OrderReply;
  return reply.cents === expected.cents && reply.branch === expected.branch && reply.order.id === expected.order.id;
}

const result = await autocannon({
  url,
  connections: Number(connections),
  duration: Number(seconds),
  headers: { 'content-type': 'application/json' },
  requests,
});
if (result.errors > 0) wrong ??= `${result.errors} requests had no reply`;
const sent: LoadResult = { perSecond: replies / result.duration, replies, wrong, p50Ms: result.latency.p50, p99Ms: result.latency.p99, runIds };
process.send?.(sent, () => process.disconnect());
