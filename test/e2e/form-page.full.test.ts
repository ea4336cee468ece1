import { listRuns } from '@switchyard/shared/contracts/runs.ts';
import { createTrigger } from '@switchyard/shared/contracts/triggers/triggers.ts';
import { beforeAll, expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { edge, graphOf, node } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { useStage } from './stage.ts';

/* The page of a form, as people without an account see it. */

const stage = useStage();
const SCHEMA = {
  type: 'object',
  required: ['email', 'what', 'kind'],
  properties: {
    email: { type: 'string', format: 'email', title: 'Your email' },
    what: { type: 'string', title: 'What happened?', minLength: 10, description: 'Up to a few sentences.' },
    kind: { enum: ['Order', 'Other'] },
    count: { type: 'integer' },
    urgent: { type: 'boolean', title: 'It is urgent' },
  },
};
let path = '';
let workflowId = '';

beforeAll(async () => {
  const graph = graphOf([node('input', 'start', { schema: SCHEMA }), node('output', 'reply', { value: '{{ input }}' })], [edge('start', 'reply')]);
  workflowId = (await publishedWorkflow(stage.server, graph)).id;
  const settings = { title: 'Tell us what happened', intro: 'We reply within one business day.', thanks: 'Thank you. We’ll write soon.', perMinute: 100 };
  const { url } = await stage.server.call(createTrigger, { params: { id: workflowId }, body: { kind: 'form', ...settings } });
  path = new URL(url ?? '').pathname;
});

it('is accessible in both color schemes, fits a phone, shows errors at their fields, and thanks once it is sent', async () => {
  const { page, mistakes } = await stage.open(path, { width: 320, height: 640 });
  expect(await barriersOn(page)).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  await page.getByRole('textbox', { name: 'Your email' }).fill('ada@example.com');
  await page.getByRole('textbox', { name: 'What happened?' }).fill('Short');
  await page.getByRole('combobox', { name: 'Kind' }).selectOption('Order');
  await page.getByRole('checkbox', { name: 'It is urgent' }).check();
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('alert').waitFor();
  expect(await page.getByRole('textbox', { name: 'What happened?' }).getAttribute('aria-invalid')).toBe('true');
  expect(await page.getByRole('checkbox', { name: 'It is urgent' }).isChecked()).toBe(true);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await barriersOn(page)).toEqual([]);
  await page.getByRole('textbox', { name: 'What happened?' }).fill('The lamp never came.');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByText('Thank you. We’ll write soon.').waitFor();
  const { items } = await stage.server.call(listRuns, { query: { workflowId } });
  expect(items).toMatchObject([{ trigger: 'form', input: { email: 'ada@example.com', what: 'The lamp never came.', kind: 'Order', urgent: true } }]);
  // The browser logs the 400 of the first submission.
  expect(mistakes.filter((mistake) => !mistake.includes('400'))).toEqual([]);
});
