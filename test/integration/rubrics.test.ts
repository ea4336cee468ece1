import { addDatasetItem, createDataset, updateDatasetItem } from '@switchyard/shared/contracts/evaluation/datasets.ts';
import * as contracts from '@switchyard/shared/contracts/evaluation/rubrics.ts';
import { expect, test } from 'vitest';
import { startTestServer } from '../kit/server.ts';

test('rubrics are created, changed once per revision, and deleted', async () => {
  await using server = await startTestServer();
  const body = { name: 'Tone', text: 'Is it polite?', route: 'careful' };
  const rubric = await server.call(contracts.createRubric, { body });
  expect(rubric).toMatchObject({ ...body, passScore: 0.7, revision: 1 });
  expect((await server.send('POST', '/api/rubrics', { body: { ...body, name: 'TONE' } })).json).toMatchObject({ code: 'already-exists' });
  const params = { id: rubric.id };
  expect(await server.call(contracts.updateRubric, { params, body: { text: 'Is it kind?', revision: 1 } })).toMatchObject({ text: 'Is it kind?', revision: 2 });
  expect((await server.send('PATCH', `/api/rubrics/${rubric.id}`, { body: { text: 'x', revision: 1 } })).json).toMatchObject({ code: 'revision-conflict' });
  await server.call(contracts.deleteRubric, { params });
  expect((await server.call(contracts.listRubrics, {})).items).toEqual([]);
});

test('people judge outputs of an item, and keep one judgment of each', async () => {
  await using server = await startTestServer();
  const { id } = await server.call(createDataset, { body: { name: 'Judged' } });
  const { id: item } = await server.call(addDatasetItem, { params: { id }, body: { input: 'Hi', expected: 'Hello' } });
  const judge = (output: unknown, verdict: 'pass' | 'fail', reason = '') =>
    server.call(contracts.judgeOutput, { params: { id, item }, body: { output, verdict, reason } });
  const first = await judge({ text: 'Go away', tone: 'rude' }, 'pass');
  const again = await judge({ tone: 'rude', text: 'Go away' }, 'fail', 'Rude');
  await server.call(updateDatasetItem, { params: { id, item }, body: { input: 'Hi there' } });
  await judge('Hello', 'pass');
  expect(again.id).toBe(first.id);
  const { items } = await server.call(contracts.listJudgments, { params: { id } });
  expect(items).toMatchObject([
    { output: 'Hello', verdict: 'pass', itemVersion: 2, input: 'Hi there', expected: 'Hello' },
    { output: { text: 'Go away' }, verdict: 'fail', reason: 'Rude', itemVersion: 1, input: 'Hi' },
  ]);
  await server.call(contracts.deleteJudgment, { params: { id, judgment: first.id } });
  expect((await server.call(contracts.listJudgments, { params: { id }, query: { itemId: item } })).items).toHaveLength(1);
  expect((await server.send('DELETE', `/api/datasets/${id}/judgments/${first.id}`)).status).toBe(404);
  expect((await server.send('POST', `/api/datasets/${id}/items/missing/judgments`, { body: { output: 1, verdict: 'pass' } })).status).toBe(404);
});
