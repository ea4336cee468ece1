import { putAlert } from '@switchyard/shared/contracts/alerts.ts';
import { addDatasetItem, createDataset } from '@switchyard/shared/contracts/evaluation/datasets.ts';
import { listExperiments } from '@switchyard/shared/contracts/evaluation/experiments.ts';
import { getRelease, putRelease } from '@switchyard/shared/contracts/evaluation/releases.ts';
import { listReplayedRuns } from '@switchyard/shared/contracts/evaluation/replays.ts';
import { listRuns } from '@switchyard/shared/contracts/runs.ts';
import { getWorkflow, publishWorkflow, saveDraft } from '@switchyard/shared/contracts/workflows.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { expect, test } from 'vitest';
import { startAlertReceiver } from '../kit/alert-receiver.ts';
import type { TestApi } from '../kit/api.ts';
import { type GatedServer, startGatedServer } from '../kit/gated-server.ts';
import { echoGraph, edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { temporaryDir } from '../kit/server.ts';
import { startServerProcess } from '../kit/server-process.ts';
import { ON_MONGODB } from '../kit/store.ts';
import { until } from '../kit/until.ts';

/* `kill -9` in the middle of an automatic rollback, of a shadow run, and of a check at a gate: nothing is lost or done twice. */

const env = { EGRESS_ALLOW: '127.0.0.1' };

/** Asks another server, and answers. */
const asking = (outside: GatedServer, path: string, answer: string): Graph =>
  graphOf(
    [messageInput(), node('tool', 'ask', { url: `${outside.url}/${path}` }), node('output', 'reply', { value: answer })],
    [edge('start', 'ask'), edge('ask', 'reply')],
  );

async function held(api: TestApi, id: string, graph: Graph): Promise<number> {
  const { draftRevision } = await api.call(getWorkflow, { params: { id } });
  await api.call(saveDraft, { params: { id }, body: { graph, revision: draftRevision } });
  return (await api.call(publishWorkflow, { params: { id }, body: { release: 'hold' } })).number;
}

/** Releases a version whose runs all fail, and starts enough runs to tell. */
async function brokenCanary(api: TestApi, receiver: { readonly url: string }): Promise<string> {
  const { id, url } = await publishedWorkflow(api, echoGraph('one'));
  const params = { id };
  await api.call(putAlert, { params, body: { enabled: true, channel: { kind: 'webhook', url: receiver.url } } });
  const version = await held(api, id, echoGraph('{{ input.missing.deep }}'));
  const versions = [
    { version: 1, weight: 50 },
    { version, weight: 50 },
  ];
  await api.call(putRelease, { params, body: { versions, watch: { minRuns: 5 } } });
  await Promise.all(Array.from({ length: 40 }, (_, index) => api.send('POST', url, { body: { message: `m${index}` } })));
  return id;
}

// On one store only: a restart costs the same on both. On SQLite if there is no MongoDB.
test.skipIf(process.env.TEST_MONGODB_URI !== undefined && !ON_MONGODB)(
  'a process is killed during a shadow run, a check at a gate, and a rollback: each happens once, or changes nothing until asked again',
  async () => {
    await using receiver = await startAlertReceiver();
    await using outside = await startGatedServer();
    await using dir = await temporaryDir();
    let server = await startServerProcess({ dataDir: dir.path, env });
    try {
      const { id, url } = await publishedWorkflow(server, echoGraph('as before'));
      const params = { id };
      const version = await held(server, id, asking(outside, 'item', '{{ steps.ask.body }}'));
      const versions = [
        { version: 1, weight: 100 },
        { version, weight: 0, shadow: 100 },
      ];
      await server.call(putRelease, { params, body: { versions } });
      // Its shadow waits for another server, and the live run does not.
      expect((await server.send('POST', url, { body: { message: 'hello' } })).text).toBe('as before');
      await until('the call of the shadow run', () => outside.open() === 1);

      const dataset = await server.call(createDataset, { body: { name: 'golden' } });
      const addItem = () => server.call(addDatasetItem, { params: { id: dataset.id }, body: { input: { message: 'm' }, expected: 'done' } });
      while ((await addItem()).split !== 'gate');
      const gate = { datasetId: dataset.id, graders: [{ kind: 'exact' as const }], minScore: 1, minItems: 1 };
      const body = { versions: [{ version, weight: 100 }], gate };
      const cut = server.call(putRelease, { params, body }).catch(() => 'cut off');
      await until('the call of its experiment', () => outside.open() === 2);

      const broken = await brokenCanary(server, receiver);
      await server.kill();
      expect(await cut).toBe('cut off');
      server = await startServerProcess({ dataDir: dir.path, env });

      expect(await server.call(getRelease, { params })).toMatchObject({
        stable: 1,
        gate: null,
        checks: [],
        shadow: { status: 'running', counts: { done: 0 } },
      });
      outside.answerAll();
      const shadow = await until('the comparison', async () => {
        const now = (await server.call(getRelease, { params })).shadow;
        return now !== null && now.counts.done > 0 && now;
      });
      expect(shadow.counts).toMatchObject({ done: 1, different: 1 });
      expect((await server.call(listReplayedRuns, { params: { id: shadow.replayId } })).items).toHaveLength(1);
      expect((await server.call(listRuns, { query: { workflowId: id, trigger: 'shadow' } })).items).toHaveLength(1);
      const passed = await server.call(putRelease, { params, body });
      expect(passed).toMatchObject({ stable: version, checks: [{ status: 'passed', result: { score: 1 } }], shadow: { status: 'cancelled' } });
      expect((await server.call(listExperiments, {})).items).toHaveLength(1);

      const back = await until('the rollback', async () => {
        const now = await server.call(getRelease, { params: { id: broken } });
        return now.canary === null && typeof now.history[0]?.notice?.sentAt === 'string' && now;
      });
      expect(back).toMatchObject({ versions: [{ version: 1, weight: 100 }], history: [{ action: 'rollback', decided: { measure: 'failures' } }, {}, {}] });
      expect(back.history).toHaveLength(3);
      const messages = receiver.received.filter(({ json }) => json.type === 'release.rolled-back');
      // A message whose sending was cut off is repeated under its ID, so that its receiver can tell.
      expect(new Set(messages.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    } finally {
      await server.kill();
    }
  },
);
