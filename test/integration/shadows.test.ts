import { getRelease, putRelease } from '@switchyard/shared/contracts/evaluation/releases.ts';
import { getReplay, listReplayedRuns } from '@switchyard/shared/contracts/evaluation/replays.ts';
import { getRun, listRuns } from '@switchyard/shared/contracts/runs.ts';
import { getWorkflow, publishWorkflow, saveDraft } from '@switchyard/shared/contracts/workflows.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { expect, test } from 'vitest';
import type { TestApi } from '../kit/api.ts';
import { startGatedServer } from '../kit/gated-server.ts';
import { echoGraph, edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { startTestServer } from '../kit/server.ts';
import { until } from '../kit/until.ts';

/* Versions of weight 0 that run on live inputs without answering (S83). */

const ENV = { EGRESS_ALLOW: '127.0.0.1' };

/** Tells a system, and answers. */
const telling = (url: string, place: string, answer: string): Graph =>
  graphOf(
    [
      messageInput(),
      node('tool', 'notify', { url: `${url}/${place}`, method: 'POST', bodyKind: 'json', json: { said: '{{ input.message }}' } }),
      node('output', 'reply', { value: answer }),
    ],
    [edge('start', 'notify'), edge('notify', 'reply')],
  );

async function held(api: TestApi, id: string, graph: Graph): Promise<number> {
  const { draftRevision } = await api.call(getWorkflow, { params: { id } });
  await api.call(saveDraft, { params: { id }, body: { graph, revision: draftRevision } });
  return (await api.call(publishWorkflow, { params: { id }, body: { release: 'hold' } })).number;
}

const inShadow = (version: number, shadow = 100) => ({
  versions: [
    { version: 1, weight: 100 },
    { version, weight: 0, shadow },
  ],
});

test('a shadow runs on live inputs without an answer or an effect, and is compared with the live runs until it is ended', async () => {
  await using server = await startTestServer({ env: ENV });
  await using outside = await startGatedServer();
  outside.answerAll();
  const { id, url } = await publishedWorkflow(server, telling(outside.url, '{{ input.message }}', 'You said {{ input.message }} to us'));
  const params = { id };
  const version = await held(
    server,
    id,
    telling(outside.url, '{{ input.message == "c" ? "elsewhere" : input.message }}', '{{ input.message == "a" ? "You said a to us" : "It was said before" }}'),
  );
  const started = await server.call(putRelease, { params, body: inShadow(version) });
  expect(started).toMatchObject({
    versions: [{ version: 1, weight: 100 }],
    canary: null,
    shadow: { version, percent: 100, status: 'running', maxCostMicros: 100_000, counts: { done: 0 } },
    history: [{ action: 'shadow', after: [{ version: 1 }, { version, weight: 0, shadow: 100 }] }, {}],
  });
  for (const message of ['a', 'b', 'c']) expect((await server.send('POST', url, { body: { message } })).text).toBe(`You said ${message} to us`);
  const compared = await until('the comparisons', async () => {
    const { shadow } = await server.call(getRelease, { params });
    return shadow?.counts.done === 3 && shadow;
  });
  expect(compared).toMatchObject({ counts: { same: 1, words: 1, effect: 1, different: 0, 'not-replayable': 0 }, spentMicros: 0 });
  expect(outside.seen).toEqual(['a', 'b', 'c']);
  const { items } = await server.call(listReplayedRuns, { params: { id: compared.replayId } });
  expect(items.map(({ outcome }) => outcome)).toEqual(['effect', 'words', 'same']);
  const run = await server.call(getRun, { params: { id: items[1]?.runId ?? '' } });
  expect(run).toMatchObject({ trigger: 'shadow', version, status: 'succeeded', output: 'It was said before', replayOf: items[1]?.sourceId });
  expect(await server.call(getReplay, { params: { id: compared.replayId } })).toMatchObject({ isShadow: true, status: 'running', counts: { total: 3 } });

  const ended = await server.call(putRelease, { params, body: { versions: [{ version: 1, weight: 100 }] } });
  expect(ended.shadow).toMatchObject({ status: 'cancelled', counts: { done: 3 } });
  await until('the end of its replay', async () => (await server.call(getReplay, { params: { id: compared.replayId } })).status === 'cancelled');
  await server.send('POST', url, { body: { message: 'd' } });
  expect((await server.call(listRuns, { query: { workflowId: id, trigger: 'shadow' } })).items).toHaveLength(3);
});

test('a shadow takes its share of the runs, changes nothing of the canary, and ends when its version goes live', async () => {
  await using server = await startTestServer();
  const { id, url } = await publishedWorkflow(server, echoGraph('one'));
  const params = { id };
  const [canary, version] = [await held(server, id, echoGraph('two')), await held(server, id, echoGraph('three'))];
  const weights = [
    { version: 1, weight: 50 },
    { version: canary, weight: 50 },
  ];
  const before = await server.call(putRelease, { params, body: { versions: weights } });
  await server.call(putRelease, { params, body: { versions: [...weights, { version, weight: 0, shadow: 50 }] } });
  const changed = await server.call(putRelease, { params, body: { versions: [...weights, { version, weight: 0, shadow: 40 }] } });
  expect(changed).toMatchObject({ canary, since: before.since, shadow: { percent: 40 } });
  const posted = Array.from({ length: 40 }, (_, index) => server.send('POST', url, { body: { message: `m${index}` } }));
  expect(new Set((await Promise.all(posted)).map(({ text }) => text))).toEqual(new Set(['one', 'two']));
  const seen = await until('comparisons', async () => {
    const { shadow } = await server.call(getRelease, { params });
    return shadow !== null && shadow.counts.done > 4 && shadow;
  });
  const { counts } = seen;
  expect(counts.done).toBeLessThan(32);
  expect(counts).toMatchObject({ different: counts.done });
  expect(await server.call(putRelease, { params, body: { versions: [{ version, weight: 100 }] } })).toMatchObject({
    stable: version,
    shadow: { status: 'cancelled' },
  });
});

test('a shadow that can’t be is refused with what to change', async () => {
  await using server = await startTestServer();
  const { id } = await publishedWorkflow(server, echoGraph('one'));
  const [two, three] = [await held(server, id, echoGraph('two')), await held(server, id, echoGraph('three'))];
  const put = async (versions: { version: number; weight: number; shadow?: number }[]) =>
    (await server.refused(putRelease, { params: { id }, body: { versions } })).detail;
  const live = { version: 1, weight: 100 };
  expect(await put([{ ...live, shadow: 10 }])).toBe('versions.0.shadow needs a weight of 0: a version that takes live runs can’t run in shadow.');
  expect(await put([live, { version: two, weight: 0, shadow: 10 }, { version: three, weight: 0, shadow: 10 }])).toBe(
    'versions can have one version in shadow.',
  );
  expect(await put([live, { version: 9, weight: 0, shadow: 10 }])).toBe('Version 9 of this workflow not found. Choose a published version.');
});
