import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openAiFormat } from '@switchyard/test/kit/fake-provider/openai-format.ts';
import { type FakeCall, readCall } from '@switchyard/test/kit/fake-provider/wire-format.ts';
import { stamp } from './stamp.ts';

/*
 * A model server that costs as little as possible. Its models are named `<pace>-<words>`: `fast-20` sends 20 words at once, `paced-500` sends
 * 500 words, one every 20 ms. Each word is the time at which it was sent. One timer serves all streams, and streams take turns within the
 * 20 ms.
 */

const EVERY_MS = 20;

interface Stream {
  readonly response: ServerResponse;
  readonly call: FakeCall;
  readonly words: string[];
  left: number;
}

const slots = Array.from({ length: EVERY_MS }, () => new Set<Stream>());
let started = 0;

function sendWord(slot: Set<Stream>, stream: Stream): void {
  const { response, call, words } = stream;
  if (response.destroyed) {
    slot.delete(stream);
    return;
  }
  const word = `${stamp()} `;
  words.push(word);
  stream.left--;
  response.write(openAiFormat.word(call, word));
  if (stream.left > 0) return;
  slot.delete(stream);
  response.end(openAiFormat.end(call, words.join('')));
}

let at = Math.floor(performance.now());
setInterval(() => {
  for (const now = performance.now(); at < now; at++) {
    const slot = slots[at % EVERY_MS];
    if (slot) for (const stream of slot) sendWord(slot, stream);
  }
}, 1);

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  const call = readCall({ protocol: 'openai', body: JSON.parse(text), headers: request.headers, details: undefined });
  const [pace, count] = call.model.split('-');
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(openAiFormat.start(call));
  const left = Number(count);
  if (pace === 'paced') {
    slots[started++ % EVERY_MS]?.add({ response, call, words: [], left });
    return;
  }
  const words = Array.from({ length: left }, () => `${stamp()} `);
  response.end(words.map((word) => openAiFormat.word(call, word)).join('') + openAiFormat.end(call, words.join('')));
}

const server = createServer((request, response) => {
  serve(request, response).catch(() => response.destroy());
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
process.on('SIGTERM', () => process.exit(0));
