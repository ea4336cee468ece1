import { createConnection } from '@switchyard/shared/contracts/models.ts';
import { createBudget, setPrice, updateBudget } from '@switchyard/shared/contracts/money.ts';
import { createRoute, updateRoute } from '@switchyard/shared/contracts/routes.ts';
import { expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { useStage } from './stage.ts';

const stage = useStage();

it('lists changes with who, when, before and after, and reason, filters them, and links to the object', async () => {
  const { page, mistakes } = await stage.open('/settings');
  await page.getByRole('link', { name: 'Open the audit trail' }).click();
  const list = page.getByRole('list', { name: 'Changes, newest first' });
  await list.getByText('Route fast created').waitFor();
  expect(await barriersOn(page)).toEqual([]);

  const { call } = stage.server;
  const budget = await call(createBudget, { body: { scope: { kind: 'tenant', id: 'acme' }, period: 'day', hardMicros: 500_000 } });
  await call(updateBudget, { params: { id: budget.id }, body: { hardMicros: 1_000_000, reason: 'Launch week' } });
  // One more than a page.
  for (let input = 1; input <= 50; input++) await call(setPrice, { params: { model: 'llama3.1:8b' }, body: { input, output: 1 } });
  await page.reload();
  await list.getByText('Price llama3.1:8b changed').first().waitFor();
  expect(await list.getByText('Budget acme').count()).toBe(0);
  await page.getByRole('button', { name: 'Show more' }).click();
  const raised = list.getByRole('listitem').filter({ hasText: 'Launch week' });
  await raised.getByText('Budget acme changed').waitFor();
  expect(await raised.locator('dl').textContent()).toContain('hard limit$0.50 → $1');
  await raised.getByText('Owner').waitFor();

  await page.getByRole('button', { name: 'Kind: All kinds' }).click();
  await page.getByRole('menuitem', { name: 'Budget' }).click();
  await page.getByRole('button', { name: 'Kind: Budget' }).waitFor();
  await list.getByText('Price llama3.1:8b').first().waitFor({ state: 'detached' });
  expect(await list.getByRole('listitem').count()).toBe(2);
  expect(await barriersOn(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await barriersOn(page)).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);

  await page.setViewportSize({ width: 1_440, height: 900 });
  await page.getByRole('button', { name: 'Who: Anyone' }).click();
  await page.getByRole('menuitem', { name: 'Owner' }).click();
  await page.getByRole('button', { name: 'Range: All time' }).click();
  await page.getByLabel('First day').fill('2020-01-01');
  await page.getByLabel('Last day').fill('2020-01-31');
  await page.getByRole('button', { name: 'Show range' }).click();
  await page.getByText('No changes match').waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Range: 1 to 31 Jan' }).click();
  await page.getByRole('button', { name: 'Last 24 hours' }).click();
  await raised.getByText('Budget acme changed').waitFor();
  await page.getByRole('button', { name: 'Who: Owner' }).waitFor();

  await raised.getByRole('link', { name: 'acme' }).click();
  await page.getByRole('listitem', { name: 'acme' }).waitFor();
  expect(mistakes).toEqual([]);
});

it('shows a connection and the targets of a route in words', async () => {
  const { call } = stage.server;
  const { id } = await call(createConnection, {
    body: { name: 'Berlin', kind: 'openai-compatible', baseUrl: 'http://127.0.0.1:9/v1', secret: 'key-of-the-test' },
  });
  const target = { connectionId: id, model: 'llama3.1:8b' };
  await call(createRoute, { body: { name: 'answers', targets: [{ ...target, firstTokenMs: 6_000 }] } });
  const body = {
    targets: [
      { ...target, firstTokenMs: 4_000 },
      { connectionId: 'demo', model: 'demo' },
    ],
    reason: 'Faster',
  };
  await call(updateRoute, { params: { name: 'answers' }, body });
  const { page, mistakes } = await stage.open('/settings/audit');
  const changed = page.getByRole('listitem').filter({ hasText: 'Faster' });
  await changed.getByText('target 1 first text within').waitFor();
  const words = await changed.locator('dl').textContent();
  expect(words).toContain('targets1. llama3.1:8b (Berlin) → 1. llama3.1:8b (Berlin), 2. demo (Demo)');
  expect(words).toContain('6.0 s → 4.0 s');
  expect(words).not.toContain('{');
  const added = page.getByRole('listitem').filter({ hasText: 'Connection Berlin created' });
  expect(await added.locator('dl').textContent()).toContain('secretset');
  expect(await barriersOn(page)).toEqual([]);
  await changed.getByRole('link', { name: 'answers' }).click();
  await page.getByText('v2 in use').waitFor();
  expect(mistakes).toEqual([]);
});

it('says why changes can’t be loaded, and that a filter matches nothing', async () => {
  const { page } = await stage.open('/settings/audit?kind=release');
  await page.getByText('No changes match').waitFor();
  await page.route('**/api/audit?*', (route) => route.fulfill({ status: 500, json: { code: 'internal', detail: 'The disk is full.' } }));
  await page.reload();
  await page.getByText('Couldn’t load changes').waitFor();
  expect(await barriersOn(page)).toEqual([]);
});
