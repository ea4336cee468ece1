import { failuresOf } from '@switchyard/server/commands/run-file.ts';
import { fileOn } from '@switchyard/server/commands/throwaway-server.ts';
import { getBillOfMaterials } from '@switchyard/shared/contracts/bill-of-materials.ts';
import { listBudgets } from '@switchyard/shared/contracts/money.ts';
import { getPolicies } from '@switchyard/shared/contracts/policies.ts';
import { createPromptVersion, getPromptVersion, listPrompts, movePromptLabel } from '@switchyard/shared/contracts/prompts.ts';
import { listTemplates, useTemplate } from '@switchyard/shared/contracts/templates.ts';
import { getWebhook } from '@switchyard/shared/contracts/webhooks.ts';
import { checkWorkflow, publishWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { samplesOf } from '@switchyard/shared/graph/samples.ts';
import { expect, test } from 'vitest';
import { startTestServer } from '../kit/server.ts';

/* The included templates on a new installation: without a key, with their prompts, policies, and budgets. */

test('every template passes the tests of its samples with the demo model, and a second copy adds no prompts', async () => {
  await using server = await startTestServer({ env: { SWITCHYARD_DEMO_DELAY_MS: '0' } });
  for (const { slug, prompts = [], policies, budgets = [] } of (await server.call(listTemplates, {})).items) {
    const before = (await server.call(listPrompts, {})).items.length;
    const used = await server.call(useTemplate, { params: { slug } });
    const second = await server.call(useTemplate, { params: { slug } });
    expect([used.notes, second.notes], slug).toEqual([[], []]);
    expect((await server.call(listPrompts, {})).items, slug).toHaveLength(before + prompts.length);
    const { redaction } = await server.call(getPolicies, { params: { id: used.id } });
    expect(redaction, slug).toEqual(policies?.redaction ?? []);
    const own = (await server.call(listBudgets, {})).items.filter(({ scope }) => scope.id === used.id);
    expect(own, slug).toMatchObject(budgets.map(({ name, period, hardMicros }) => ({ name, period, hardMicros })));
    expect((await server.call(checkWorkflow, { params: { id: used.id } })).problems, slug).toEqual([]);

    const samples = samplesOf(used.draft.nodes.find((node) => node.type === 'input')?.data.params);
    const file = fileOn(server.base, used.id);
    for (const sample of samples) expect(await failuresOf(file, sample), `${slug}, ${sample.name}`).toEqual([]);
  }
});

test('a customer’s card number is masked in the support template, and a new version of its prompt answers the next request', async () => {
  await using server = await startTestServer({ env: { SWITCHYARD_DEMO_DELAY_MS: '0' } });
  const { id } = await server.call(useTemplate, { params: { slug: 'support-chatbot-routing' } });
  await server.call(publishWorkflow, { params: { id } });
  const { url } = await server.call(getWebhook, { params: { id } });
  const send = async () => {
    const body = { message: 'I was charged twice on my invoice. My card is 4111 1111 1111 1111.', customer: { name: 'Ada', tier: 'gold' } };
    const reply = await server.send('POST', url, { body });
    expect(reply.status, reply.text).toBe(200);
    return { text: reply.text, runId: reply.headers.get('x-run-id') ?? '' };
  };
  const first = await send();
  expect(first.text).toContain('Hi Ada');
  expect(first.text).toContain('within 2 working days');
  const run = await server.send('GET', `/api/runs/${first.runId}`);
  expect(run.text).not.toContain('4111 1111');
  expect(run.text).toContain('1111');

  const { messages, variables } = await server.call(getPromptVersion, { params: { name: 'support-reply', number: 1 } });
  expect(variables).toMatchObject({ required: ['message', 'tier'] });
  const faster = messages.map((message) => ({ ...message, content: message.content.replace('2 working days', '1 hour') }));
  await server.call(createPromptVersion, { params: { name: 'support-reply' }, body: { messages: faster, variables } });
  await server.call(movePromptLabel, { params: { name: 'support-reply', label: 'production' }, body: { version: 2, reason: 'New promise' } });
  const second = await send();
  expect(second.text).toContain('within 1 hour');
  const bill = await server.call(getBillOfMaterials, { params: { id: second.runId } });
  expect(bill.prompts).toEqual(expect.arrayContaining([expect.objectContaining({ name: 'support-reply', label: 'production', version: 2 })]));
});
