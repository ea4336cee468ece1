import { expect, test } from 'vitest';
import { type FakeProvider, startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { runOf, stepOf } from '../kit/runs.ts';
import { startTestServer } from '../kit/server.ts';

const sideBySide = (route: string) =>
  graphOf(
    [
      messageInput(),
      node('prompt', 'left', { message: 'left {{ input.message }}', route }),
      node('prompt', 'right', { message: 'right {{ input.message }}', route }),
      node('merge', 'both'),
      node('output', 'reply', { value: ['{{ steps.left.text }}', '{{ steps.right.text }}'] }),
    ],
    [edge('start', 'left'), edge('start', 'right'), edge('left', 'both'), edge('right', 'both'), edge('both', 'reply')],
  );

const at = (moment: string | null): number => Date.parse(moment ?? '');

async function checkSideBySide(server: Parameters<typeof runOf>[0], route: string): Promise<void> {
  const run = await runOf(server, sideBySide(route), 'Hello');
  expect(run).toMatchObject({ status: 'succeeded', error: null });
  const [left, right, both] = [stepOf(run, 'left'), stepOf(run, 'right'), stepOf(run, 'both')];
  for (const step of [left, right]) expect(at(step.endedAt) - at(step.startedAt)).toBeGreaterThanOrEqual(950);
  // Each started before the other ended.
  expect(at(left.startedAt)).toBeLessThan(at(right.endedAt));
  expect(at(right.startedAt)).toBeLessThan(at(left.endedAt));
  expect(at(both.startedAt)).toBeGreaterThanOrEqual(Math.max(at(left.endedAt), at(right.endedAt)));
}

/** Streams three words in about a second. */
const slowly = (fake: FakeProvider): void => fake.failAlways({ kind: 'slow', delayMs: 334 });

test('two model calls of a run proceed in parallel, and the join follows both', async () => {
  await using fake = await startFakeProvider({ answer: () => 'one two three' });
  await using server = await startTestServer();
  await routeTo(server, 'fake', fakeTarget(fake));
  slowly(fake);
  await checkSideBySide(server, 'fake');
});

test('two responses of the demo model stream in parallel, and the join follows both', async () => {
  await using server = await startTestServer({ env: { SWITCHYARD_DEMO_DELAY_MS: '1000' } });
  await checkSideBySide(server, 'fast');
});
