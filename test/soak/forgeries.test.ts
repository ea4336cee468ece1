import { makeWebhookSecret, updateWebhook } from '@switchyard/shared/contracts/webhooks.ts';
import { expect, test } from 'vitest';
import { echoGraph } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { allRuns } from '../kit/runs.ts';
import { startServerProcess } from '../kit/server-process.ts';
import { COMPARES_NO_SIGNATURES, KNOWS_NO_CLOCK, LETS_OLD_SECRETS_COUNT } from './breakages.ts';
import { brokenBuild } from './broken-build.ts';
import { forgeries, genuineVector, type Vector } from './forgeries.ts';
import { SOAK_LIMIT_MS, sizeOf } from './size.ts';

/*
 * Forged and replayed requests are rejected: only a sender with the secret starts a run, and no one can start a second one with a request
 * they saw.
 */

/** After this many forgeries comes a genuine request, and the same one again. */
const GENUINE_AFTER = 5;

/** Sends forgeries among genuine requests. Returns what was wrongly accepted, and the counts. */
async function sendForgeries(count: number, env: Readonly<Record<string, string>> = {}) {
  await using server = await startServerProcess({ env });
  const { id, url } = await publishedWorkflow(server, echoGraph());
  const makeSecret = async () => (await server.call(makeWebhookSecret, { params: { id }, body: { keepOldMs: 0 } })).secret;
  const old = await makeSecret();
  const secret = await makeSecret();
  await server.call(updateWebhook, { params: { id }, body: { signature: { scheme: 'standard' } } });
  const kinds = Object.entries(forgeries({ old, guess: `whsec_${Buffer.alloc(24, 7).toString('base64')}` }));
  const faults: string[] = [];
  let genuine = 0;
  let replayed = 0;

  const send = ({ body, headers }: Vector) => server.send('POST', url, { body, headers });
  const callOf = (number: number) => ({
    id: `evt_${number}`,
    at: Math.floor(Date.now() / 1_000),
    body: `{"message": "number ${number}",  "price": 1.0}`,
    secret,
  });
  const sendGenuineTwice = async (number: number): Promise<void> => {
    const vector = genuineVector(callOf(number));
    const [first, again] = [await send(vector), await send(vector)];
    if (first.status === 200) genuine++;
    else faults.push(`a genuine request got ${first.status}`);
    if (again.headers.get('x-run-id') === first.headers.get('x-run-id') && again.headers.get('idempotent-replayed') === 'true') replayed++;
    else faults.push(`a replayed request got ${again.status} for ${again.headers.get('x-run-id')}`);
  };
  for (let number = 0; number < count; number++) {
    const [name, forge] = kinds[number % kinds.length] ?? [];
    if (!forge) break;
    const reply = await send({ name: name ?? '', ...forge(callOf(number), Math.floor(number / kinds.length)) });
    if (reply.status !== 401) faults.push(`${name} got ${reply.status}`);
    if (number % GENUINE_AFTER === 0) await sendGenuineTwice(number);
  }
  const runs = await allRuns(server);
  if (runs.length !== genuine) faults.push(`${runs.length} runs of ${genuine} genuine requests`);
  return { faults, forged: count, genuine, replayed };
}

test('no forged or replayed request starts a run, and every genuine one among them does', { timeout: SOAK_LIMIT_MS }, async () => {
  const count = sizeOf(500);
  const { faults, ...seen } = await sendForgeries(count);
  expect(faults).toEqual([]);
  expect(seen).toEqual({ forged: count, genuine: count / GENUINE_AFTER, replayed: count / GENUINE_AFTER });
  console.info(`forgeries: ${JSON.stringify(seen)}`);
});

test.for([
  ['that does not compare signatures', COMPARES_NO_SIGNATURES, 'a changed body got 200'],
  ['that knows no clock', KNOWS_NO_CLOCK, 'a time long ago got 200'],
  ['that accepts old secrets', LETS_OLD_SECRETS_COUNT, 'the secret before the last got 200'],
] as const)('a build %s is caught', { timeout: SOAK_LIMIT_MS }, async ([, breakage, fault]) => {
  const { faults } = await sendForgeries(25, brokenBuild(breakage));
  expect(faults).toContain(fault);
});
