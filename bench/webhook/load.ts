import autocannon from 'autocannon';
import { expectedReply, ORDERS, type OrderReply } from './orders.ts';

/*
 * The load generator, in its own process so it shares no event loop with the server it measures. Checks every response. `load.ts <url>
 * <connections> <seconds> <reply|accepted>`, started with an IPC channel, over which it sends one LoadResult. With `accepted`, bodies are
 * about 1 KB and each response must be a 202.
 */

export interface LoadResult {
  readonly perSecond: number;
  readonly replies: number;
  /** The first response that was not as expected, if any. */
  readonly wrong: string | null;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** `x-run-id` of the responses that had one. */
  readonly runIds: readonly string[];
}

const [url = '', connections = '50', seconds = '1', expect = 'reply'] = process.argv.slice(2);
const NOTE_OF_1_KB = 'x'.repeat(800);
const runIds: string[] = [];
let replies = 0;
let wrong: string | null = null;

const requests = ORDERS.map((order): autocannon.Request => {
  const expected = expectedReply(order);
  return {
    method: 'POST',
    body: JSON.stringify(expect === 'accepted' ? { ...order, note: NOTE_OF_1_KB } : order),
    onResponse: (status, body, _context, headers) => {
      if (expect === 'accepted' ? status === 202 : isRight(status, body, expected)) replies++;
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
if (result.errors > 0) wrong ??= `${result.errors} requests had no response`;
const sent: LoadResult = { perSecond: replies / result.duration, replies, wrong, p50Ms: result.latency.p50, p99Ms: result.latency.p99, runIds };
process.send?.(sent, () => process.disconnect());
