import { once } from 'node:events';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { createBodyIntake } from './body-intake.ts';

const overloaded = expect.objectContaining({ code: 'overloaded', status: 503 });

function world(limits = { bytes: 1_000_000, bodies: 100 }) {
  const clock = { ms: 0 };
  const intake = createBodyIntake(limits, () => clock.ms);
  const open = (groups: string[], maxBytes = 10_000_000) => {
    const request = new IncomingMessage(new Socket());
    const body = intake.read(request, maxBytes, groups);
    const outcome: { value?: number; error?: unknown } = {};
    body.then(
      ({ length }) => Object.assign(outcome, { value: length }),
      (error: unknown) => Object.assign(outcome, { error }),
    );
    const send = (bytes: number): boolean => request.emit('data', Buffer.alloc(bytes));
    const finish = (): boolean => request.emit('end');
    return { body, outcome, send, finish };
  };
  return { clock, intake, open, [Symbol.dispose]: () => intake.close() };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('reads a body in chunks', async () => {
  using at = world();
  const one = at.open(['a']);
  one.send(3);
  one.send(4);
  one.finish();
  expect((await one.body).length).toBe(7);
});

test('takes a body that arrived with its headers at once, whatever else is being read', async () => {
  using at = world({ bytes: 100_000, bodies: 0 });
  const request = arrived('whole');
  expect(String(await at.intake.read(request, 5, ['a']))).toBe('whole');
  request.push(null);
  await once(request, 'end');
  await expect(at.intake.read(arrived('too long'), 5, ['a'])).rejects.toMatchObject({ code: 'too-large' });
  expect((await at.intake.read(arrived(''), 5, ['a'])).length).toBe(0);
});

/** A request whose body is here, though its end was not announced yet. */
function arrived(body: string): IncomingMessage {
  const request = new IncomingMessage(new Socket());
  request.headers['content-length'] = String(body.length);
  if (body !== '') request.push(Buffer.from(body));
  return request;
}

test('ends a body that is silent for 10 s or takes 30 s in all', async () => {
  using at = world();
  const silent = at.open(['a']);
  const slow = at.open(['b']);
  silent.send(1);
  for (let second = 1; second <= 31; second++) {
    at.clock.ms = second * 1_000;
    slow.send(1);
    at.intake.sweep();
    await settled();
    expect(silent.outcome.error !== undefined, `${second} s`).toBe(second > 10);
    expect(slow.outcome.error !== undefined, `${second} s`).toBe(second > 30);
  }
  expect(silent.outcome.error).toMatchObject({ code: 'request-timeout', status: 408 });
});

test('drops unfinished bodies for one that is being sent, the longest silent first', async () => {
  using at = world({ bytes: 1_000_000, bodies: 1_000 });
  const unfinished = Array.from({ length: 150 }, (_, index) => {
    const one = at.open([`webhook ${index % 2}`, '10.0.0.1']);
    at.clock.ms += 100;
    one.send(60_000);
    return one;
  });
  at.clock.ms += 1_000;
  const whole = at.open(['webhook 1', '10.0.0.1']);
  whole.send(200_000);
  whole.finish();
  expect((await whole.body).length).toBe(200_000);
  expect(unfinished.at(0)?.outcome.error).toEqual(overloaded);
  expect(unfinished.at(-1)?.outcome.error).toBeUndefined();
});

test('reads others while thousands of one-byte bodies are unfinished', async () => {
  using at = world({ bytes: 1_000_000, bodies: 200 });
  for (let index = 0; index < 300; index++) {
    at.clock.ms += 5;
    at.open(['webhook 1', '10.0.0.1']).send(1);
  }
  at.clock.ms += 1_000;
  const other = at.open(['webhook 1', '10.0.0.1']);
  other.send(10);
  other.finish();
  expect((await other.body).length).toBe(10);
});

test('limits endless bodies to the share of their webhook', async () => {
  using at = world({ bytes: 1_000_000, bodies: 1_000 });
  const greedy = Array.from({ length: 20 }, () => at.open(['webhook 1', '10.0.0.1']));
  for (const one of greedy) one.send(60_000);
  await settled();
  expect(greedy.filter(({ outcome }) => outcome.error !== undefined).length).toBeGreaterThan(5);
  const other = at.open(['webhook 2', '10.0.0.2']);
  other.send(300_000);
  other.finish();
  expect((await other.body).length).toBe(300_000);
});

test('stops counting a rejected body', async () => {
  using at = world({ bytes: 1_000_000, bodies: 1_000 });
  for (let round = 0; round < 50; round++) {
    const large = at.open(['webhook 1'], 400_000);
    large.send(300_000);
    large.send(300_000);
    await expect(large.body).rejects.toMatchObject({ code: 'too-large' });
  }
  const next = at.open(['webhook 1']);
  next.send(400_000);
  next.finish();
  expect((await next.body).length).toBe(400_000);
});
