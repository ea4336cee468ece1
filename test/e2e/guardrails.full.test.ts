import { createWorkflow, getWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { editorOn } from './editor.ts';
import { eventually, useStage } from './stage.ts';

const stage = useStage();

it('guardrails are set in their own section, add a branch, and are summed up while it is closed', async () => {
  const nodes = [
    messageInput(),
    node('prompt', 'draft', { message: '{{ input.message }}', route: 'fast' }, { title: 'Draft' }),
    node('output', 'reply', { value: '{{ steps.draft.text }}' }),
  ].map((one, index) => ({ ...one, position: { x: index * 320, y: 0 } }));
  const graph = graphOf(nodes, [edge('start', 'draft'), edge('draft', 'reply')]);
  const { id } = await stage.server.call(createWorkflow, { body: { name: 'Guarded', graph } });
  const guardrailsNow = async () => (await stage.server.call(getWorkflow, { params: { id } })).draft.nodes[1]?.data.params.guardrails;
  const { page, mistakes } = await stage.open(`/workflows/${id}`);
  const editor = await editorOn(page);
  await editor.openStep('Draft');
  const section = editor.inspector.getByRole('button', { name: /^Guardrails/ });
  expect(await section.getAttribute('aria-expanded')).toBe('false');
  await section.click();
  const before = editor.inspector.getByRole('group', { name: 'Before the call' });
  const after = editor.inspector.getByRole('group', { name: 'After the call' });

  await before.getByRole('textbox', { name: 'Blocked patterns' }).fill('(?i)ignore all');
  await before.getByText('Enter the value to check').waitFor();
  await before.getByRole('textbox', { name: 'Value to check' }).click();
  await page.keyboard.insertText('{{ input.message }}');
  await before.getByText('Enter the value to check').waitFor({ state: 'detached' });
  await after.getByRole('textbox', { name: 'Maximum length' }).fill('2000');
  await eventually(guardrailsNow).toEqual({ before: { blocked: '(?i)ignore all', value: '{{ input.message }}' }, after: { maxLength: 2000 } });
  await editor.outputPort('Draft', 'blocked').waitFor();

  expect(await barriersOn(page)).toEqual([]);

  await section.click();
  await eventually(() => section.textContent()).toBe('GuardrailsBefore the callAfter the call');
  expect(mistakes).toEqual([]);
});
