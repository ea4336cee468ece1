import { readFile } from 'node:fs/promises';
import { createBudget, getUsage, listBudgets, listPrices, setPrice } from '@switchyard/shared/contracts/money.ts';
import { startRun } from '@switchyard/shared/contracts/runs.ts';
import { createWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { type FakeProvider, startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { edge, graphOf, node } from '../kit/graph.ts';
import { fakeTarget, routeTo } from '../kit/model-route.ts';
import { eventually, useStage } from './stage.ts';

const stage = useStage();
let fake: FakeProvider;
afterAll(() => fake[Symbol.asyncDispose]());

const PHONE = { width: 390, height: 844, scheme: 'dark' } as const;
const SMALL = { width: 1_024, height: 768 };

beforeAll(async () => {
  fake = await startFakeProvider();
  await routeTo(stage.server, 'paid', fakeTarget(fake, { model: 'fake-paid' }));
  await routeTo(stage.server, 'local', fakeTarget(fake, { model: 'fake-local' }));
  await stage.server.call(setPrice, { params: { model: 'fake-paid' }, body: { input: 100, output: 1_000 } });
});

/** The page has no accessibility violations in either color scheme, and nothing is wider than the window. */
async function expectSound(page: Page): Promise<void> {
  expect(await barriersOn(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await barriersOn(page, { only: 'colors' })).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
}

const calls = async () => (await stage.server.call(getUsage, { query: { by: 'model' } })).items.reduce((sum, { calls: count }) => sum + count, 0);

/** Runs a workflow with one call to a route, and waits until the call is part of the usage. */
async function spend(name: string, route: string): Promise<string> {
  const before = await calls();
  const asks = node('prompt', 'ask', { route, message: 'x', maxTokens: 5 });
  const graph = graphOf([node('input', 'start', { schema: {}, samples: [] }), asks], [edge('start', 'ask')]);
  const { id } = await stage.server.call(createWorkflow, { body: { name, graph } });
  await stage.server.call(startRun, { params: { id }, body: { input: {}, version: 'draft', wait: 20_000, labels: { tenant: 'acme' } } });
  await eventually(calls).toBe(before + 1);
  return id;
}

it('teaches what usage is before the first call', async () => {
  const { page, mistakes } = await stage.open('/usage');
  await page.getByText('No model calls in 14 days').waitFor();
  await expectSound(page);
  expect(mistakes).toEqual([]);
});

it('sums cost by workflow and regroups by model, names calls without a price, and exports CSV', async () => {
  await spend('Invoice intake', 'paid');
  await spend('Ticket triage', 'local');
  const { page, mistakes } = await stage.open('/usage', SMALL);
  const table = page.getByRole('table', { name: 'Usage by workflow' });
  await table.getByRole('row', { name: /Invoice intake 1 .* \$0\.\d+/ }).waitFor();
  await table.getByRole('row', { name: /Ticket triage 1 .* unknown/ }).waitFor();
  await page.getByText('in 14 days, and 1 call of unknown price').waitFor();
  await page.getByRole('img', { name: /^Cost per day, .* in 14 days\. Highest: \$0\.\d+ at/ }).waitFor();
  await expectSound(page);

  await page.getByText('Model', { exact: true }).click();
  await page
    .getByRole('table', { name: 'Usage by model' })
    .getByRole('row', { name: /fake-paid/ })
    .waitFor();
  expect(page.url()).toContain('by=model');
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Export CSV' }).click();
  const csv = await readFile(await (await download).path(), 'utf8');
  expect(csv).toMatch(/^bucket,key,name,calls,/);
  expect(csv).toContain('fake-local');

  await page.getByRole('button', { name: 'Model: All models' }).click();
  await page.getByRole('menuitem', { name: 'fake-paid' }).click();
  await page.getByText('fake-local', { exact: true }).first().waitFor({ state: 'detached' });
  expect(page.url()).toContain('model=fake-paid');
  const filtered = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Export CSV' }).click();
  expect(await readFile(await (await filtered).path(), 'utf8')).not.toContain('fake-local');
  await page.getByText('Source', { exact: true }).click();
  await page
    .getByRole('table', { name: 'Usage by source' })
    .getByRole('row', { name: /Runs 1 .* new / })
    .waitFor();
  await page.getByRole('button', { name: 'Source: All sources' }).click();
  await page.getByRole('menuitem', { name: 'Runs' }).click();
  await page.getByRole('button', { name: 'Source: Runs' }).waitFor();
  expect(page.url()).toContain('source=run');
  await page.reload();
  await page.getByRole('button', { name: 'Model: fake-paid' }).waitFor();
  await expectSound(page);

  await page.getByRole('button', { name: /^Range: / }).click();
  await page.getByRole('button', { name: 'Last 24 hours' }).click();
  await page.getByRole('img', { name: /^Cost per hour/ }).waitFor();
  await page.getByRole('button', { name: /^Range: / }).click();
  await page.getByLabel('First day').fill('2020-01-01');
  await page.getByLabel('Last day').fill('2020-01-03');
  await page.getByRole('button', { name: 'Show range' }).click();
  await page.getByText('No model calls match in 3 days').waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await page.getByText('No model calls in 3 days').waitFor();
  expect(mistakes).toEqual([]);
});

it('compares each row with the period before', async () => {
  await spend('Compared', 'paid');
  const { page, mistakes } = await stage.open();
  // The previous period had the same calls at half the cost.
  await page.route('**/api/usage?*to=*', async (route) => {
    const url = new URL(route.request().url());
    url.searchParams.set('from', new Date(Date.now() - 86_400_000).toISOString());
    url.searchParams.delete('to');
    const usage = await (await route.fetch({ url: url.href })).json();
    await route.fulfill({ json: { ...usage, items: usage.items.map((item: { costMicros: number }) => ({ ...item, costMicros: item.costMicros / 2 })) } });
  });
  await page.goto(new URL('/usage', stage.server.base).href);
  const table = page.getByRole('table', { name: 'Usage by workflow' });
  await table.getByRole('row', { name: /Compared 1 .*\+100%/ }).waitFor();
  await table.getByRole('row', { name: /All .*\+100%/ }).waitFor();
  await expectSound(page);
  expect(mistakes).toEqual([]);
});

it('says why usage can’t be loaded, and tries again', async () => {
  const { page } = await stage.open('/models', PHONE);
  let away = true;
  await page.route('**/api/usage?*', (route) =>
    away ? route.fulfill({ status: 500, json: { code: 'internal', detail: 'The disk is full.' } }) : route.continue(),
  );
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('link', { name: 'Usage' }).click();
  await page.getByText('Couldn’t load usage').waitFor();
  await page.getByText('The disk is full.').waitFor();
  await expectSound(page);
  away = false;
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('table', { name: 'Usage by workflow' }).waitFor();
  await expectSound(page);
});

it('sets a price for a model without one, changes it with a reason, deletes it, and undoes the deletion', async () => {
  await spend('Local answers', 'local');
  const { page, mistakes } = await stage.open('/usage');
  await page.getByRole('link', { name: 'Set a price for fake-local' }).click();
  const form = page.getByRole('form', { name: 'New price' });
  expect(await form.getByRole('combobox', { name: 'Model' }).inputValue()).toBe('fake-local');
  await form.getByRole('textbox', { name: 'Input, per' }).fill('0.2');
  await form.getByRole('textbox', { name: 'Cached input' }).fill('0.05');
  await form.getByRole('textbox', { name: 'Output' }).fill('0.4');
  await expectSound(page);
  await form.getByRole('button', { name: 'Set price' }).click();
  const own = page.getByRole('list', { name: 'Your prices' });
  await own.getByText('fake-local', { exact: true }).waitFor();
  await page.getByText('Without a price').waitFor({ state: 'detached' });

  await own.getByRole('button', { name: 'More actions for the price of fake-local' }).click();
  await page.getByRole('menuitem', { name: 'Edit price' }).click();
  const edit = page.getByRole('form', { name: 'Price of fake-local' });
  await edit.getByRole('textbox', { name: 'Input, per' }).fill('0.3');
  await edit.getByRole('textbox', { name: 'Reason' }).fill('Measured power cost');
  await edit.getByRole('button', { name: 'Save price' }).click();
  await own.getByText('$0.30').waitFor();

  await own.getByRole('button', { name: 'More actions for the price of fake-local' }).click();
  await page.getByRole('menuitem', { name: 'Delete price' }).click();
  await page.getByRole('form', { name: 'Delete price' }).getByRole('button', { name: 'Delete price' }).click();
  await own.getByText('fake-local', { exact: true }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await own.getByText('$0.30').waitFor();
  const { items } = await stage.server.call(listPrices, {});
  expect(items.find(({ model }) => model === 'fake-local')).toMatchObject({ input: 0.3, cachedInput: 0.05, output: 0.4, builtIn: false });
  await page.setViewportSize(PHONE);
  await expectSound(page);
  expect(mistakes).toEqual([]);
});

const choose = async (page: Page, name: string, option: string) => {
  await page.getByRole('combobox', { name }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
};
const budgets = async () => (await stage.server.call(listBudgets, {})).items;

it('creates a budget that degrades calls from its soft limit on, raises it, deletes it, and restores it with its spending', async () => {
  const { page, mistakes } = await stage.open('/usage');
  await page.getByText('A budget limits what').waitFor();
  await page.getByRole('button', { name: 'New budget' }).click();
  const form = page.getByRole('form', { name: 'New budget' });
  await form.getByText('Enter a soft limit, a hard limit, or both.').waitFor();
  await choose(page, 'Scope', 'Tenant');
  await form.getByRole('combobox', { name: 'Tenant' }).fill('acme');
  await form.getByRole('combobox', { name: 'Time zone' }).fill('Berlin');
  await page.getByRole('option', { name: 'Europe/Berlin', exact: true }).click();
  await form.getByRole('textbox', { name: 'Soft limit' }).fill('0.0001');
  await choose(page, 'At the soft limit', 'Use a cheaper route');
  await choose(page, 'Cheaper route', 'local');
  // A reload keeps the edits.
  await page.reload();
  await page.getByRole('button', { name: 'New budget' }).click();
  await form.getByRole('textbox', { name: 'Hard limit' }).fill('50');
  await form.getByRole('textbox', { name: 'Reason' }).fill('Pilot customer');
  await expectSound(page);
  await form.getByRole('button', { name: 'Create budget' }).click();
  const row = page.getByRole('listitem', { name: 'acme' });
  await row.getByText('From $0.0001, use route local. Calls stop at $50.').waitFor();
  await row.getByText('No calls today').waitFor();
  expect(await budgets()).toMatchObject([
    { scope: { kind: 'tenant', id: 'acme' }, softMicros: 100, route: 'local', hardMicros: 50_000_000, timeZone: 'Europe/Berlin' },
  ]);

  await spend('Refunds', 'paid');
  await row.getByText('Degraded to local').waitFor();
  await row.getByRole('img', { name: /settled, .* reserved, soft limit \$0\.0001, hard limit \$50/ }).waitFor();
  await expectSound(page);

  await row.getByRole('button', { name: 'More actions for budget acme' }).click();
  await page.getByRole('menuitem', { name: 'Edit budget' }).click();
  const edit = page.getByRole('form', { name: 'Edit budget acme' });
  await edit.getByRole('textbox', { name: 'Soft limit' }).fill('40');
  await edit.getByRole('button', { name: 'Save budget' }).click();
  await row.getByText('Within limits').waitFor();
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await row.getByText('Degraded to local').waitFor();

  await row.getByRole('button', { name: 'More actions for budget acme' }).click();
  await page.getByRole('menuitem', { name: 'Delete budget' }).click();
  const question = page.getByRole('form', { name: 'Delete budget' });
  await question.getByRole('textbox', { name: 'Reason' }).fill('Pilot ended');
  await expectSound(page);
  await question.getByRole('button', { name: 'Delete budget' }).click();
  await row.waitFor({ state: 'detached' });
  expect(await budgets()).toEqual([]);
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await row.getByText('Degraded to local').waitFor();
  expect(mistakes).toEqual([]);
});

it('shows the budgets on a phone, and says why they can’t be loaded', async () => {
  await stage.server.call(createBudget, { body: { name: 'A budget with a rather long name', scope: { kind: 'workspace' }, period: 'month', hardMicros: 2e8 } });
  const { page } = await stage.open('/usage', PHONE);
  await page.getByRole('listitem', { name: 'A budget with a rather long name' }).getByText('Calls stop at $200').waitFor();
  await expectSound(page);
  await page.route('**/api/budgets?*', (route) => route.fulfill({ status: 500, json: { code: 'internal', detail: 'The disk is full.' } }));
  await page.reload();
  await page.getByText('Couldn’t load budgets').waitFor();
  await expectSound(page);
});
