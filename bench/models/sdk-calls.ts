import OpenAI from 'openai';
import { quantile } from '../figure.ts';
import { sharedNow, timeOf } from './stamp.ts';

/*
 * Makes streamed calls with the OpenAI SDK in its own process. `sdk-calls.ts <base URL> <model> <connections> <calls> <words>`, started with
 * an IPC channel, over which it sends one SdkResult. Each answer must have this many words.
 */

export interface SdkResult {
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** The median time from sending the first word to its arrival. */
  readonly firstWordMs: number;
  /** CPU time of this process per call, after its warm-up. */
  readonly cpuMsPerCall: number;
  /** Calls made, with the warm-up. */
  readonly calls: number;
  /** The first call that failed or had a wrong answer. */
  readonly wrong: string | null;
}

const [baseURL = '', model = '', connections = '1', calls = '1', words = '1'] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey: 'unused', maxRetries: 0, logLevel: 'off' });
const latencies: number[] = [];
const firstWords: number[] = [];
let wrong: string | null = null;

async function ask(): Promise<void> {
  const began = performance.now();
  try {
    let text = '';
    let firstAt: number | undefined;
    const stream = await client.chat.completions.create({ model, messages: [{ role: 'user', content: 'Summarize the order of Ada.' }], stream: true });
    for await (const { choices } of stream) {
      text += choices[0]?.delta.content ?? '';
      if (text !== '') firstAt ??= sharedNow();
    }
    latencies.push(performance.now() - began);
    if (firstAt !== undefined) firstWords.push(firstAt - timeOf(text.split(' ', 1).join()));
    const count = text.trim().split(' ').length;
    if (count !== Number(words)) wrong ??= `${count} words instead of ${words}: ${text.slice(0, 200)}`;
  } catch (error) {
    wrong ??= String(error);
  }
}

async function askAll(count: number): Promise<void> {
  let left = count;
  const one = async (): Promise<void> => {
    while (left-- > 0) await ask();
  };
  await Promise.all(Array.from({ length: Number(connections) }, one));
}

const warmUp = Math.ceil(Number(calls) / 3);
await askAll(warmUp);
latencies.length = 0;
firstWords.length = 0;
const cpu = process.cpuUsage();
await askAll(Number(calls));
const { user, system } = process.cpuUsage(cpu);
const result: SdkResult = {
  p50Ms: quantile(latencies, 0.5),
  p99Ms: quantile(latencies, 0.99),
  firstWordMs: quantile(firstWords, 0.5),
  cpuMsPerCall: (user + system) / 1_000 / Number(calls),
  calls: warmUp + Number(calls),
  wrong,
};
process.send?.(result, () => process.exit(0));
