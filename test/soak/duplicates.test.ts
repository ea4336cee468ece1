import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { modelGraph } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { allRuns } from '../kit/runs.ts';
import { atOnce } from './at-once.ts';
import { KEEPS_NO_KEYS } from './breakages.ts';
import { brokenBuild } from './broken-build.ts';
import { startKilledServer } from './killed-server.ts';
import { SOAK_LIMIT_MS, sizeOf } from './size.ts';

/* One event, one run: senders repeat their requests, as they do after no response. */

const AT_ONCE = 200;

interface Size {
  readonly calls: number;
  readonly events: number;
  readonly kills: number;
}

/** Sends every event many times while the server is killed. Returns what is wrong afterwards, and how many requests got a response. */
async function sendDuplicates({ calls, events, kills }: Size, env: Readonly<Record<string, string>> = {}) {
  await using server = await startKilledServer({ SWITCHYARD_DEMO_DELAY_MS: '5', ...env });
  const { url } = await publishedWorkflow(server.now, modelGraph());
  const path = new URL(url).pathname;
  /** IDs of the runs named in responses, by event. */
  const named = new Map<number, Set<string>>();
  let answered = 0;
  let unanswered = 0;
  let crashing: Promise<void> | undefined;

  const sendUntilAnswered = async (event: number): Promise<void> => {
    for (;;) {
      const { base } = server.now;
      const body = JSON.stringify({ message: `event ${event}` });
      const headers = { 'content-type': 'application/json', 'idempotency-key': `event-${event}` };
      const reply = await fetch(new URL(path, base), { method: 'POST', body, headers }).catch(() => undefined);
      const read = await reply?.text().catch(() => undefined);
      const runId = reply?.status === 200 && read !== undefined ? reply.headers.get('x-run-id') : null;
      if (runId) {
        named.set(event, (named.get(event) ?? new Set()).add(runId));
        return;
      }
      unanswered++;
      await (crashing ?? pause(20));
    }
  };
  const numbers = Array.from({ length: calls }, (_, number) => (number * 7) % events);
  await atOnce(AT_ONCE, numbers, async (event) => {
    await sendUntilAnswered(event);
    answered++;
    if (crashing || server.kills >= kills || answered < (calls / (kills + 1)) * (server.kills + 1)) return;
    crashing = server.crash().finally(() => {
      crashing = undefined;
    });
  });
  await crashing;
  const runs = await allRuns(server.now);
  const faults = [...named].filter(([, ids]) => ids.size !== 1).map(([event, ids]) => `event ${event} got ${ids.size} runs`);
  if (runs.length !== events) faults.push(`${runs.length} runs of ${events} events`);
  for (const { id, status } of runs) if (status !== 'succeeded') faults.push(`run ${id} is ${status}`);
  return { faults, answered, unanswered, kills: server.kills, events: named.size };
}

test('duplicate requests, 200 at once, with kills among them, start exactly one run for each event', { timeout: SOAK_LIMIT_MS }, async () => {
  const size = { calls: sizeOf(10_000), events: sizeOf(500), kills: sizeOf(20) };
  const { faults, ...seen } = await sendDuplicates(size);
  expect(faults).toEqual([]);
  expect(seen).toMatchObject({ answered: size.calls, events: size.events, kills: size.kills });
  expect(seen.unanswered).toBeGreaterThan(size.kills);
  console.info(`duplicates: ${JSON.stringify(seen)}`);
});

test('a build that keeps no keys is caught', { timeout: SOAK_LIMIT_MS }, async () => {
  const { faults } = await sendDuplicates({ calls: 40, events: 4, kills: 0 }, brokenBuild(KEEPS_NO_KEYS));
  expect(faults).toContain('40 runs of 4 events');
});
