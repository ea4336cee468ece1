import { createWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { expect, it } from 'vitest';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { editorOn } from './editor.ts';
import { useStage } from './stage.ts';

const stage = useStage();

it('lists the functions of expressions with search, from a field', async () => {
  const draft = node('prompt', 'draft', { message: '{{ input.message }}', route: 'fast' }, { title: 'Draft' });
  const nodes = [messageInput(), draft, node('output', 'reply', { value: 'x' })].map((one, index) => ({ ...one, position: { x: index * 300, y: 0 } }));
  const { id } = await stage.server.call(createWorkflow, {
    body: { name: 'Functions', graph: graphOf(nodes, [edge('start', 'draft'), edge('draft', 'reply')]) },
  });
  const { page, mistakes } = await stage.open(`/workflows/${id}`);
  const editor = await editorOn(page);
  await editor.openStep('Draft');
  await editor.inspector.getByRole('button', { name: 'Functions' }).first().click();
  const panel = page.getByRole('dialog', { name: 'Functions' });
  await panel.getByRole('searchbox', { name: 'Search functions' }).fill('group items');
  await panel.getByRole('heading', { name: 'list.groupBy(x, value)' }).waitFor();
  await panel.getByText('{"small":[1],"large":[2,3]}').waitFor();
  expect(await panel.getByRole('heading', { level: 4 }).count()).toBeLessThan(5);
  await panel.getByRole('searchbox').fill('no such function');
  await panel.getByText('No functions match').waitFor();
  await page.keyboard.press('Escape');
  await panel.waitFor({ state: 'hidden' });

  // One that is chosen goes where the cursor was.
  const message = editor.inspector.getByRole('textbox', { name: 'User message' });
  await message.click();
  await page.keyboard.press('Control+End');
  await editor.inspector.getByRole('button', { name: 'Functions' }).nth(1).click();
  await panel.getByRole('searchbox').fill('trim');
  await panel.getByRole('button', { name: 'Insert' }).first().click();
  await panel.waitFor({ state: 'hidden' });
  await message.getByText('.trim()').waitFor();
  expect(mistakes).toEqual([]);
});
