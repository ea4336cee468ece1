import { Agent, request } from 'node:http';
import { quantile } from '../figure.ts';
import { sharedNow, timeOf } from './stamp.ts';

/*
 * Reads many streams at once, at little cost, in its own process. `read-streams.ts <base URL> <model> <streams> <words>`, started with an IPC
 * channel, over which it sends one StreamsResult. Each word tells when the model server sent it.
 */

export interface StreamsResult {
  /** The median delay of words in each quarter of a stream. */
  readonly delaysMs: readonly number[];
  readonly p99Ms: number;
  readonly ms: number;
  readonly wrong: string | null;
}

const [baseUrl = '', model = '', streams = '1', words = '4'] = process.argv.slice(2);
const agent = new Agent({ maxSockets: Number(streams) });
const quarters: number[][] = [[], [], [], []];
let wrong: string | null = null;

function hear(word: string, index: number): void {
  const delay = sharedNow() - timeOf(word);
  quarters[Math.min(3, Math.floor((index * 4) / Number(words)))]?.push(delay);
}

const CONTENT = /"content":"([a-j ]+)"/g;

function readOne(): Promise<void> {
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'Summarize the order of Ada.' }], stream: true });
  return new Promise((resolve) => {
    let count = 0;
    let unread = '';
    let word = '';
    const fail = (reason: string): void => {
      wrong ??= reason;
      resolve();
    };
    const take = (line: string): void => {
      for (const [, text = ''] of line.matchAll(CONTENT)) {
        const parts = (word + text).split(' ');
        word = parts.pop() ?? '';
        for (const part of parts) hear(part, count++);
      }
    };
    const sent = request(`${baseUrl}/chat/completions`, { method: 'POST', agent, headers: { 'content-type': 'application/json' } }, (response) => {
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        const lines = (unread + chunk).split('\n');
        unread = lines.pop() ?? '';
        for (const line of lines) take(line);
      });
      response.on('end', () => (count === Number(words) ? resolve() : fail(`${count} words instead of ${words}, status ${response.statusCode}`)));
      response.on('error', (error) => fail(error.message));
    });
    sent.on('error', (error) => fail(error.message));
    sent.end(body);
  });
}

const began = performance.now();
await Promise.all(Array.from({ length: Number(streams) }, readOne));
const result: StreamsResult = {
  ms: performance.now() - began,
  p99Ms: quantile(quarters.flat(), 0.99),
  delaysMs: quarters.map((delays) => quantile(delays, 0.5)),
  wrong,
};
process.send?.(result, () => process.exit(0));
