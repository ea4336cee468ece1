import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createWorkflow, getWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { editorOn } from './editor.ts';
import { eventually, useStage } from './stage.ts';

const stage = useStage({ env: { EGRESS_ALLOW: '127.0.0.1' } });

const rows = createServer((request, response) => {
  const page = Number(new URL(request.url ?? '', 'http://x').searchParams.get('page'));
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(page > 2 ? [] : [{ name: `row ${page}`, count: page }]));
});
beforeAll(() => new Promise<void>((resolve) => void rows.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise<void>((resolve) => void rows.close(() => resolve())));

it('pages are set up in the form, and the last response fills in the schema', async () => {
  const graph = graphOf(
    [
      { ...messageInput(), data: { ...messageInput().data, params: { schema: { type: 'object' }, samples: [{ name: 'One', value: {} }] } } },
      node('tool', 'fetch', { url: `http://127.0.0.1:${(rows.address() as AddressInfo).port}/rows` }, { title: 'Fetch' }),
      node('output', 'reply', { value: '{{ steps.fetch.body }}' }),
    ].map((one, index) => ({ ...one, position: { x: index * 320, y: 0 } })),
    [edge('start', 'fetch'), edge('fetch', 'reply')],
  );
  const { id } = await stage.server.call(createWorkflow, { body: { name: 'Rows', graph } });
  const params = async () => (await stage.server.call(getWorkflow, { params: { id } })).draft.nodes[1]?.data.params;
  const { page, mistakes } = await stage.open(`/workflows/${id}`);
  const editor = await editorOn(page);
  await editor.openStep('Fetch');
  await editor.inspector.getByRole('button', { name: /^Pagination/ }).click();
  await editor.inspector.getByRole('combobox', { name: 'Next page by' }).click();
  await page.getByRole('option', { name: 'Page number' }).click();
  await editor.inspector.getByRole('textbox', { name: 'Parameter', exact: true }).fill('page');
  await eventually(async () => (await params())?.pages).toMatchObject({ by: 'page', parameter: 'page' });
  expect(await barriersOn(page)).toEqual([]);

  await editor.saved();
  await editor.runButton.click();
  await editor.step('Fetch').getByText('Succeeded').waitFor();
  await editor.inspector.getByRole('tab', { name: 'Configure' }).click();
  await editor.inspector.getByRole('button', { name: 'Use the shape of the last response' }).click();
  await eventually(async () => (await params())?.schema).toMatchObject({
    type: 'array',
    items: { properties: { name: { type: 'string' }, count: { type: 'number' } } },
  });
  expect(mistakes).toEqual([]);
});
