import { getAuthority, listAuthorityLabels, setAuthority } from '@switchyard/shared/contracts/evaluation/authority.ts';
import { sendFeedback } from '@switchyard/shared/contracts/evaluation/feedback.ts';
import { replayRun } from '@switchyard/shared/contracts/evaluation/replays.ts';
import { decideReview } from '@switchyard/shared/contracts/reviews.ts';
import { rerunRun, startRun } from '@switchyard/shared/contracts/runs.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reviewGraph } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { openTask } from '../kit/review-task.ts';
import { begin, ended, journalOf, readRun, stepOf } from '../kit/runs.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { until } from '../kit/until.ts';

const NODE = 'check';
const reviewed = (authority: object) => reviewGraph({ authority: { group: '{{ input.message.startsWith("Refund") ? "refund" : "other" }}', ...authority } });

describe('the authority of a review node', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const start = async (id: string, message: string) => server.call(startRun, { params: { id }, body: { input: { message }, version: 'live' } });
  const decide = async (runId: string, body: object) => {
    const review = await openTask(server, runId);
    await server.call(decideReview, { params: { id: review.id }, body: { decision: 'approve', reviewer: 'Mira', ...body } });
    await ended(server, runId);
  };
  const labelsOf = async (id: string) => (await server.call(listAuthorityLabels, { params: { id, nodeKey: NODE }, query: {} })).items;
  const authorityOf = (id: string) => server.call(getAuthority, { params: { id, nodeKey: NODE } });
  const counted = (id: string, labels: number) =>
    until(`${labels} counted reviews`, async () => {
      const found = await authorityOf(id);
      return found.groups.reduce((sum, group) => sum + group.labels, 0) === labels && found;
    });

  test('counts rejections and changes that matter as errors, by group, and not those of drafts', async () => {
    const { id } = await publishedWorkflow(server, reviewed({ target: 5 }));
    const messages = ['Refund me', 'Hello', 'Hello **you**', 'Goodbye'];
    const bodies = [{ decision: 'reject' }, {}, { values: { text: 'Hello you' } }, { values: { text: 'Good day' } }];
    for (const [index, message] of messages.entries()) await decide((await start(id, message)).id, bodies[index] ?? {});
    await decide((await begin(server, id, 'Hello')).id, { decision: 'reject' });
    const found = await counted(id, 4);
    expect(found.settings).toEqual({ mode: 'all', target: 5, floor: 5, matters: [], locked: [] });
    expect(found.groups).toMatchObject([
      { name: 'other', share: 100, labels: 3, wrong: 1, bound: null, proposal: null },
      { name: 'refund', share: 100, labels: 1, wrong: 1 },
    ]);
    expect((await labelsOf(id)).map(({ wrong, rejected, fields }) => [wrong, rejected, fields])).toEqual([
      [true, false, ['text']],
      [false, false, []],
      [false, false, []],
      [true, true, []],
    ]);
    const refused = await server.refused(setAuthority, { params: { id, nodeKey: NODE }, body: { group: 'other', share: 30 } });
    expect(refused).toMatchObject({ status: 400, code: 'bad-request' });
  });

  test('a review that is not drawn takes the draft, in reruns and replays too, and negative feedback later counts as an error', async () => {
    const { id } = await publishedWorkflow(server, reviewed({ mode: 'sample', percent: 1, floor: 1 }));
    // Up to one in a hundred is drawn.
    const runs = await Promise.all(Array.from({ length: 4 }, (_, index) => start(id, `Hello ${index}`)));
    const unseen = await until('a run without a review', async () => {
      const found = await Promise.all(runs.map((run) => readRun(server, run.id)));
      return found.find((run) => run.status === 'succeeded');
    });
    expect(stepOf(unseen, NODE).output).toMatchObject({ decision: 'approve', reviewer: null, unreviewed: true });
    const drawn = (await journalOf(server, unseen.id)).find((event) => event.type === 'call-finished' && event.name === 'authority');
    expect(drawn).toMatchObject({ result: { group: 'other', share: null, counts: true, position: expect.any(Number) } });
    const again = await ended(server, (await server.call(rerunRun, { params: { id: unseen.id }, body: {} })).id);
    const replay = await ended(server, (await server.call(replayRun, { params: { id: unseen.id }, body: { version: 'draft' } })).id);
    for (const run of [again, replay]) expect(stepOf(run, NODE).output).toMatchObject({ unreviewed: true });
    for (const score of [0, 0.1]) await server.call(sendFeedback, { params: { id: unseen.id }, body: { score, by: 'customer' } });
    const late = await until('the late error', async () => (await labelsOf(id)).find((label) => label.runId === unseen.id));
    expect(late).toMatchObject({ group: 'other', wrong: true, late: true, probability: 1 });
    expect(await labelsOf(id)).toHaveLength(1);
  });

  test('less review is accepted with a reason, and taken back at once', async () => {
    const { id } = await publishedWorkflow(server, reviewed({ target: 50, floor: 10 }));
    for (let count = 0; count < 60; count += 20) {
      const started = await Promise.all(Array.from({ length: 20 }, (_, index) => start(id, `Hello ${count + index}`)));
      await Promise.all(started.map((run) => decide(run.id, {})));
    }
    const { groups, revision } = await until('the proposal', async () => {
      const found = await authorityOf(id);
      return found.groups[0]?.proposal ? found : undefined;
    });
    expect(groups).toMatchObject([{ name: 'other', share: 100, labels: 60, wrong: 0, proposal: { share: 10, labels: 60, wrong: 0 } }]);
    const params = { id, nodeKey: NODE };
    const stale = await server.refused(setAuthority, { params, body: { group: 'other', share: 10, revision: revision - 1 } });
    expect(stale).toMatchObject({ status: 409, code: 'revision-conflict' });
    const accepted = await server.call(setAuthority, { params, body: { group: 'other', share: 10, reason: 'Good for weeks', revision } });
    expect(accepted).toMatchObject({ groups: [{ share: 10, proposal: null }], changes: [{ from: 100, to: 10, labels: 60, reason: 'Good for weeks' }] });
    const back = await server.call(setAuthority, { params, body: { group: 'other', share: 100 } });
    expect(back).toMatchObject({ groups: [{ share: 100, labels: 60 }], changes: [{ from: 10, to: 100 }, { to: 10 }] });
  });
});
