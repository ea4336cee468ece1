import { expect, test } from 'vitest';
import { type ServerEvent, serverEvents } from './server-events.ts';

const streamOf = (...chunks: (string | Uint8Array<ArrayBuffer>)[]) =>
  new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk);
      controller.close();
    },
  });

async function eventsIn(events: AsyncIterable<ServerEvent>): Promise<ServerEvent[]> {
  const all: ServerEvent[] = [];
  for await (const one of events) all.push(one);
  return all;
}

test('events are read across chunks, and comments are skipped', async () => {
  const umlaut = new TextEncoder().encode('ü');
  const stream = streamOf('event: del', 'ta\ndata: {"text":"f', umlaut.slice(0, 1), umlaut.slice(1), 'r"}\n\n: still running\n\neve', 'nt: done\ndata: {}\n\n');
  expect(await eventsIn(serverEvents(stream))).toEqual([
    { name: 'delta', data: '{"text":"für"}' },
    { name: 'done', data: '{}' },
  ]);
});

test('an event without its end is left out', async () => {
  expect(await eventsIn(serverEvents(streamOf('event: delta\ndata: {}')))).toEqual([]);
});
