import { Agent, request } from 'node:http';
import { expectedReply, ORDERS } from './orders.ts';

/*
 * Measures latency in its own process. `paced.ts <url> <perSecond> <seconds>`, started with an IPC channel, over which it sends one
 * PacedResult. With `perSecond` 0, one connection sends requests one after another. Otherwise requests start at fixed times whether or not
 * earlier ones have been answered, and a latency counts from the time a request was due, so a stall is not hidden.
 */

export interface PacedResult {
  readonly replies: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** The first reply that was not as expected. */
  readonly wrong: string | null;
}

const [url = '', perSecond = '0', seconds = '1'] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: Number(perSecond) === 0 ? 1 : 100 });
const latencies: number[] = [];
let wrong: string | null = null;

async function main(): Promise<void> {
  const endsAt = performance.now() + Number(seconds) * 1_000;
  await (Number(perSecond) === 0 ? oneByOne(endsAt) : atRate(Number(perSecond), endsAt));
  latencies.sort((a, b) => a - b);
  const at = (share: number): number => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? Number.NaN;
  const result: PacedResult = { replies: latencies.length, p50Ms: at(0.5), p99Ms: at(0.99), wrong };
  process.send?.(result, () => process.exit(0));
}

async function oneByOne(endsAt: number): Promise<void> {
  for (let count = 0; performance.now() < endsAt; count++) await post(count, performance.now());
}

async function atRate(rate: number, endsAt: number): Promise<void> {
  const began = performance.now();
  const sent: Promise<void>[] = [];
  while (performance.now() < endsAt) {
    const due = Math.min(Math.floor(((performance.now() - began) / 1_000) * rate) + 1, Number(seconds) * rate);
    while (sent.length < due) sent.push(post(sent.length, began + (sent.length * 1_000) / rate));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(sent);
}

function post(count: number, dueAt: number): Promise<void> {
  const order = ORDERS[count % ORDERS.length] ?? ORDERS[0];
  const body = JSON.stringify(order);
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve) => {
    const fail = (reason: string): void => {
      wrong ??= reason;
      resolve();
    };
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        latencies.push(performance.now() - dueAt);
        const reply = response.statusCode === 200 ? JSON.parse(text) : undefined;
        if (reply?.cents !== expectedReply(order).cents) return fail(`${order.id} got ${response.statusCode} ${text.slice(0, 300)}`);
        resolve();
      });
    });
    sent.on('error', (error) => fail(error.message));
    sent.end(body);
  });
}

await main();
