import { createPrompt, movePromptLabel } from '@switchyard/shared/contracts/prompts.ts';
import { shareWorkflow } from '@switchyard/shared/contracts/sharing.ts';
import { createWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { beforeAll, expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { startServerProcess } from '../kit/server-process.ts';
import { editorOn } from './editor.ts';
import { useStage } from './stage.ts';

/* Workflows whose prompts are in the registry, shared as a link and as a file. */

const stage = useStage();
let id = '';

beforeAll(async () => {
  const { call } = stage.server;
  const variables = { type: 'object', properties: { message: { type: 'string' } } };
  await call(createPrompt, { body: { name: 'order-reply', variables, messages: [{ role: 'user', content: 'Find the order in {{ message }}' }] } });
  await call(movePromptLabel, { params: { name: 'order-reply', label: 'production' }, body: { version: 1 } });
  const params = { route: 'fast', prompt: { name: 'order-reply', label: 'production' }, variables: { message: '{{ input.message }}' } };
  const ask = { ...node('prompt', 'ask', params, { title: 'Draft reply' }), position: { x: 300, y: 0 } };
  const graph = graphOf([messageInput(), ask], [edge('start', 'ask')]);
  id = (await call(createWorkflow, { body: { name: 'Orders', graph } })).id;
});

it('shows the text of a prompt to viewers of a link', async () => {
  const { token } = await stage.server.call(shareWorkflow, { params: { id } });
  const { page, mistakes } = await stage.open(`/shared/${token}`);
  await (await editorOn(page)).step('Draft reply').click({ position: { x: 60, y: 22 } });
  const text = page.getByRole('region', { name: 'Text of the prompt' });
  await text.getByText('order-reply@production').waitFor();
  await text.getByText('Find the order in {{ message }}').waitFor();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await barriersOn(page, { without: ['region'] })).toEqual([]);
  }
  expect(mistakes).toEqual([]);
});

it('lists what an import changed, for example the name of a prompt', async () => {
  const file = Buffer.from((await stage.server.send('GET', `/api/workflows/${id}/export`)).text);
  await using other = await startServerProcess();
  await other.call(createPrompt, { body: { name: 'order-reply', messages: [{ role: 'user', content: 'Ours' }] } });
  const { page, mistakes } = await stage.open(new URL('/workflows', other.base).href);
  await page.getByLabel('Workflow file').setInputFiles({ name: 'orders.json', mimeType: 'application/json', buffer: file });
  const dialog = page.getByRole('dialog', { name: '“Orders” imported' });
  await dialog.getByRole('list', { name: 'Notes' }).getByText('The imported one is now “order-reply-2”.').waitFor();
  expect(await barriersOn(page, { without: ['region'] })).toEqual([]);
  await dialog.getByRole('button', { name: 'Open workflow' }).click();
  const { openStep, inspector } = await editorOn(page);
  await openStep('Draft reply');
  await inspector.getByRole('region', { name: 'Text of the prompt' }).getByText('Find the order in {{ message }}').waitFor();
  expect(mistakes).toEqual([]);
});
