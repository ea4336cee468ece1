import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '@switchyard/shared/errors.ts';
import { expect, test } from 'vitest';
import { createRunDeltas } from '../../services/runs/run-deltas.ts';
import type { CallOutcome } from '../../services/webhooks/receive-call.ts';
import { streamOutcome } from './stream-outcome.ts';

const call = { runId: 'run_1', statusUrl: 'http://127.0.0.1/hooks/status/x', repeated: false };
const done: CallOutcome = { ...call, kind: 'reply', reply: { value: 'all', status: 200, headers: {}, outcome: 'success' } };
const silent = { error: () => undefined };

/** A server with one response: `reply` is what its caller gets. */
async function answering(answer: (response: ServerResponse) => Promise<unknown>) {
  const answered = Promise.withResolvers<unknown>();
  const server = createServer((_request, response) => answer(response).then(answered.resolve, answered.reject));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const reply = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return {
    reply,
    answered: answered.promise,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test('sends comments to keep a quiet stream open until the outcome', async () => {
  const outcome = Promise.withResolvers<CallOutcome>();
  await using stream = await answering((response) =>
    streamOutcome(response, { call, outcome: outcome.promise, deltas: createRunDeltas(), log: silent, heartbeatMs: 5 }),
  );
  let seen = '';
  for await (const chunk of stream.reply.body ?? []) {
    seen += Buffer.from(chunk).toString('utf8');
    if (seen.split(': still running\n\n').length > 3) outcome.resolve(done);
  }
  expect(seen).toMatch(/event: done\ndata: .*"value":"all"/);
  expect(await stream.answered).toBeNull();
});

test('sends only words of its own run, and stops listening once the stream ends', async () => {
  const deltas = createRunDeltas();
  let listening = 0;
  const counted = {
    listen: (...given: Parameters<typeof deltas.listen>) => {
      listening++;
      const stop = deltas.listen(...given);
      return () => {
        listening--;
        stop();
      };
    },
  };
  await using stream = await answering((response) => {
    const outcome = Promise.withResolvers<CallOutcome>();
    const streamed = streamOutcome(response, { call, outcome: outcome.promise, deltas: counted, log: silent });
    expect(listening).toBe(1);
    deltas.tell({ runId: 'run_2', stepId: 's', callId: 'c', text: 'theirs' });
    deltas.tell({ runId: 'run_1', stepId: 's', callId: 'c', text: 'line\nbreak' });
    outcome.resolve(done);
    return streamed;
  });
  const text = await stream.reply.text();
  expect(text).toContain('data: {"stepId":"s","callId":"c","text":"line\\nbreak"}\n\n');
  expect(text).not.toContain('theirs');
  expect(listening).toBe(0);
});

test('ends the stream with an error that reveals nothing internal if the outcome can’t be read', async () => {
  await using stream = await answering((response) =>
    streamOutcome(response, { call, outcome: Promise.reject(new AppError('internal', 'disk /secret/path')), deltas: createRunDeltas(), log: silent }),
  );
  const text = await stream.reply.text();
  expect(text).toMatch(/event: error\ndata: .*"code":"internal"/);
  expect(text).not.toContain('/secret');
  expect(await stream.answered).toBe('internal');
});

test('ends the stream and its wait when the caller disconnects', async () => {
  await using stream = await answering((response) =>
    streamOutcome(response, { call, outcome: new Promise(() => undefined), deltas: createRunDeltas(), log: silent, heartbeatMs: 5 }),
  );
  await stream.reply.body?.cancel();
  expect(await stream.answered).toBeNull();
});
