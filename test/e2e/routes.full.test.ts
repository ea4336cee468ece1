import { listChanges } from '@switchyard/shared/contracts/changes.ts';
import { createKillSwitch } from '@switchyard/shared/contracts/controls/kill-switches.ts';
import { createConnection } from '@switchyard/shared/contracts/models.ts';
import { createBudget, deleteBudget, setPrice } from '@switchyard/shared/contracts/money.ts';
import { createRoute, getRoute, getRouteUsage, listRouteVersions, type RouteTarget, updateRoute } from '@switchyard/shared/contracts/routes.ts';
import { startRun } from '@switchyard/shared/contracts/runs.ts';
import { createWorkflow, deleteWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { startFakeProvider } from '../kit/fake-provider/fake-provider.ts';
import { overloaded } from '../kit/fake-provider/fault.ts';
import { edge, graphOf, node } from '../kit/graph.ts';
import { eventually, useStage } from './stage.ts';

const stage = useStage();

/** The page has no accessibility violations in either color scheme, and nothing is wider than the window. */
async function expectSound(page: Page): Promise<void> {
  expect(await barriersOn(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await barriersOn(page, { only: 'colors' })).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
}

async function connect(name: string, baseUrl: string): Promise<string> {
  return (await stage.server.call(createConnection, { body: { name, kind: 'openai-compatible', baseUrl, secret: 'key-of-the-test' } })).id;
}

const addRoute = (name: string, targets: RouteTarget[], more: object = {}) => stage.server.call(createRoute, { body: { name, targets, ...more } });

/** Runs a workflow with one call to the route. */
async function callRoute(route: string, labels: Record<string, string> = {}): Promise<void> {
  const graph = graphOf([node('input', 'start', { schema: {}, samples: [] }), node('prompt', 'ask', { route, message: 'x' })], [edge('start', 'ask')]);
  const { id } = await stage.server.call(createWorkflow, { body: { name: `Calls ${route}`, graph } });
  await stage.server.call(startRun, { params: { id }, body: { input: {}, version: 'draft', wait: 20_000, labels } });
}

const ladder = (page: Page, name: string) => page.getByRole('region', { name: `Targets of ${name}, tried in this order` });
const target = (page: Page, model: string) => page.getByRole('button', { name: model, exact: true });
const rowOf = (page: Page, model: string) =>
  page
    .getByRole('listitem')
    .filter({ has: target(page, model) })
    .last();
const field = (page: Page, name: string) => page.getByRole('textbox', { name });
/** Leaves a field, which adds its text to the edits. */
const leave = (page: Page) => field(page, 'Reason').focus();

it('edits a target, keeps the edits across a reload, and saves them as the next version with a reason', async () => {
  await using provider = await startFakeProvider();
  const one = await connect('One', provider.openAiUrl);
  await addRoute('drafts', [
    { connectionId: one, model: 'large', firstTokenMs: 6_000 },
    { connectionId: one, model: 'small' },
  ]);
  const { page, mistakes } = await stage.open('/models');
  await page.getByRole('link', { name: 'Open route drafts' }).click();
  await page.getByText('v1 in use').waitFor();
  await expectSound(page);

  await target(page, 'large').click();
  await field(page, 'First text within').fill('4');
  await leave(page);
  await page.getByText('1 change, not saved').waitFor();
  await page.getByText('s, was 6 s').waitFor();
  await field(page, 'Use only when').fill('labels.tier == ');
  await leave(page);
  await page.getByText(/^Target 1 \(large\): /).waitFor();
  expect(await page.getByRole('button', { name: 'Save as v2' }).isDisabled()).toBe(true);
  await field(page, 'Use only when').fill('labels.tier == "pro"');
  await field(page, 'Reason').fill('Pro customers wait less');
  await page.reload();
  await page.getByText('Changed: condition of large, first text of large.').waitFor();
  await expectSound(page);
  await page.getByRole('button', { name: 'Save as v2' }).click();
  await page.getByText('v2 in use').waitFor();
  await page.getByRole('region', { name: 'Unsaved changes' }).waitFor({ state: 'detached' });
  const saved = await stage.server.call(getRoute, { params: { name: 'drafts' } });
  expect(saved.targets[0]).toEqual({ connectionId: one, model: 'large', firstTokenMs: 4_000, when: 'labels.tier == "pro"' });
  const { items } = await stage.server.call(listRouteVersions, { params: { name: 'drafts' }, query: {} });
  expect(items[0]).toMatchObject({ number: 2, reason: 'Pro customers wait less' });

  await page.getByRole('button', { name: 'Versions', exact: true }).click();
  const versions = page.getByRole('list', { name: 'Versions' });
  await versions.getByText('Pro customers wait less').waitFor();
  await versions.getByRole('button', { name: 'Restore v1 as v3' }).click();
  await page.getByText('v3 in use').waitFor();
  expect((await stage.server.call(getRoute, { params: { name: 'drafts' } })).targets[0]).toEqual({ connectionId: one, model: 'large', firstTokenMs: 6_000 });
  expect(mistakes).toEqual([]);
});

it('adds, moves, weighs, and removes targets with the keyboard', async () => {
  await using provider = await startFakeProvider();
  const one = await connect('Two', provider.openAiUrl);
  await addRoute('mixed', [
    { connectionId: one, model: 'first' },
    { connectionId: one, model: 'second' },
    { connectionId: one, model: 'third' },
  ]);
  const { page, mistakes } = await stage.open('/models/mixed');
  await target(page, 'third').press('Alt+ArrowUp');
  await page.getByText('third is now target 2 of 3').waitFor();
  await target(page, 'first').press('Enter');
  await field(page, 'Weight').fill('90');
  await leave(page);
  await target(page, 'third').press('Enter');
  await field(page, 'Weight').fill('10');
  await leave(page);
  await ladder(page, 'mixed').getByText('Shared by weight').waitFor();
  await page.getByText('90 / 10').waitFor();
  await page.getByRole('button', { name: 'Call to mixed' }).click();
  await field(page, 'Sticky key').fill('labels.customer');
  await field(page, 'Cache responses for').fill('600');
  await page.getByRole('combobox', { name: 'If a response breaks off after streaming' }).click();
  await page.getByRole('option', { name: 'Fail the step' }).click();
  await page.getByText('was Restart with the next target').waitFor();
  await target(page, 'second').click();
  await page.getByRole('button', { name: 'Remove from route' }).click();
  await page.getByRole('button', { name: 'Add fallback' }).click();
  await page.getByText('Target 3: Choose a connection.').waitFor();
  await page.getByRole('heading', { name: 'New target' }).waitFor();
  await page.getByRole('combobox', { name: 'Connection' }).click();
  await page.getByRole('option', { name: /^Two/ }).click();
  await page.getByRole('combobox', { name: 'Model' }).fill('fourth');
  await expectSound(page);
  await page.getByRole('button', { name: 'Save as v2' }).click();
  await page.getByText('v2 in use').waitFor();
  await page.getByRole('region', { name: 'Unsaved changes' }).waitFor({ state: 'detached' });
  // The settings of the target stay open.
  await page.getByRole('heading', { name: 'fourth' }).waitFor();
  const { targets, order, stickyKey, cacheTtlMs, onBrokenStream } = await stage.server.call(getRoute, { params: { name: 'mixed' } });
  expect({ order, stickyKey, cacheTtlMs, onBrokenStream }).toEqual({
    order: 'weights',
    stickyKey: 'labels.customer',
    cacheTtlMs: 600_000,
    onBrokenStream: 'fail',
  });
  expect(targets).toEqual([
    { connectionId: one, model: 'first', weight: 90 },
    { connectionId: one, model: 'third', weight: 10 },
    { connectionId: one, model: 'fourth' },
  ]);
  expect(mistakes).toEqual([]);
});

it('keeps the edits if another version was saved meanwhile, and puts them on top of it', async () => {
  await using provider = await startFakeProvider();
  const one = await connect('Three', provider.openAiUrl);
  const { targets } = await addRoute('contested', [{ connectionId: one, model: 'large' }]);
  const { page } = await stage.open('/models/contested');
  await field(page, 'Description').fill('For refunds');
  await leave(page);
  await stage.server.call(updateRoute, { params: { name: 'contested' }, body: { targets, cacheTtlMs: 60_000 } });
  await page.getByRole('button', { name: 'Save as v2' }).click();
  await page.getByText('v2 is in use by now').waitFor();
  expect(await field(page, 'Description').inputValue()).toBe('For refunds');
  await page.getByRole('button', { name: 'Keep my edits on v2' }).click();
  await page.getByText('Changed: description.').waitFor();
  await page.getByRole('button', { name: 'Save as v3' }).click();
  await page.getByText('v3 in use').waitFor();
  expect(await stage.server.call(getRoute, { params: { name: 'contested' } })).toMatchObject({ description: 'For refunds', cacheTtlMs: 60_000 });

  await field(page, 'Description').fill('Unwanted');
  await leave(page);
  await page.getByRole('button', { name: 'Discard my edits' }).click();
  await eventually(() => field(page, 'Description').inputValue()).toBe('For refunds');
  await page.getByRole('button', { name: 'Undo' }).click();
  await eventually(() => field(page, 'Description').inputValue()).toBe('Unwanted');
});

it('shows figures in words, an open circuit with its trial, and a lasting fallback', async () => {
  await using good = await startFakeProvider();
  await using failing = await startFakeProvider();
  failing.failAlways(overloaded);
  const [broken, works] = [await connect('Broken', failing.openAiUrl), await connect('Works', good.openAiUrl)];
  await stage.server.call(setPrice, { params: { model: 'priced' }, body: { input: 100, output: 1_000 } });
  await addRoute(
    'watched',
    [
      { connectionId: works, model: 'unpriced', when: 'labels.tier == "free"' },
      { connectionId: broken, model: 'down', retries: 0 },
      { connectionId: works, model: 'priced' },
      { connectionId: works, model: 'idle' },
    ],
    { fallbackWarningMs: 0 },
  );
  await callRoute('watched', { tier: 'free' });
  for (let call = 0; call < 6; call++) await callRoute('watched', { tier: 'pro' });

  const { page, mistakes } = await stage.open('/models/watched');
  await page.getByText(/^Falling back for less than 1 min\./).waitFor();
  await rowOf(page, 'down').getByText('Circuit open').waitFor();
  await rowOf(page, 'down')
    .getByText(/^one trial in \d+ s$/)
    .waitFor();
  await rowOf(page, 'priced').getByText('6 calls').waitFor();
  expect(await rowOf(page, 'priced').textContent()).toMatch(/\$0\.\d+6 calls$/);
  expect(await rowOf(page, 'unpriced').textContent()).toMatch(/unknown1 call$/);
  expect(await rowOf(page, 'idle').textContent()).toContain('Healthy, idle');
  expect(await rowOf(page, 'idle').textContent()).toMatch(/no calls in the last hour.*–.*–.*–no calls$/);
  expect(await ladder(page, 'watched').textContent()).not.toMatch(/\$0(?!\.)/);
  await page.getByRole('list', { name: 'Latest fallbacks' }).getByText('priced on Works').first().waitFor();
  await target(page, 'down').click();
  await page.getByText(/^trial in \d+ s$/).waitFor();
  await page
    .getByRole('complementary')
    .getByText(/is overloaded/)
    .waitFor();
  await expectSound(page);
  expect(mistakes).toEqual([]);
});

it('follows a call down the route, and its figures, without a reload', async () => {
  await using failing = await startFakeProvider();
  failing.failAlways(overloaded);
  await using hanging = await startFakeProvider();
  hanging.failAlways({ kind: 'hang' });
  await using good = await startFakeProvider();
  const [busy, slow, works] = [await connect('Busy', failing.openAiUrl), await connect('Slow', hanging.openAiUrl), await connect('Spare', good.openAiUrl)];
  await addRoute('followed', [
    { connectionId: busy, model: 'down', retries: 0 },
    { connectionId: slow, model: 'steady', retries: 0 },
    { connectionId: works, model: 'spare' },
  ]);
  const { page, mistakes } = await stage.open('/models/followed');
  await rowOf(page, 'steady').getByText('no calls', { exact: true }).waitFor();
  const called = callRoute('followed');
  await rowOf(page, 'steady').getByText('Answering').waitFor();
  await rowOf(page, 'steady')
    .getByText(/ so far$/)
    .waitFor();
  await rowOf(page, 'down').getByText('The model provider is overloaded').waitFor();
  await page.getByText('1 call in progress: ask').waitFor();
  await expectSound(page);
  await hanging.close();
  await called;
  await rowOf(page, 'steady').getByText('Answering').waitFor({ state: 'detached' });
  await page.getByText('1 call in progress').waitFor({ state: 'detached' });
  await rowOf(page, 'spare').getByText('1 call', { exact: true }).waitFor();
  await rowOf(page, 'down').getByText('100%').waitFor();
  expect(mistakes).toEqual([]);
});

it('shows what a kill switch stops, and moves a dragged target', async () => {
  await using provider = await startFakeProvider();
  const one = await connect('Four', provider.openAiUrl);
  await addRoute('stopped', [
    { connectionId: one, model: 'recalled' },
    { connectionId: one, model: 'fine' },
  ]);
  await stage.server.call(createKillSwitch, { body: { scope: { kind: 'model', id: 'recalled' }, mode: 'refuse' } });
  await stage.server.call(createKillSwitch, { body: { scope: { kind: 'route', id: 'stopped' }, mode: 'refuse', reason: 'Wrong replies' } });
  const { page, mistakes } = await stage.open('/models/stopped');
  await page.getByText('Route “stopped” rejects new calls').waitFor();
  await rowOf(page, 'recalled').getByText('by a kill switch').waitFor();
  await rowOf(page, 'fine').getByText('Healthy, idle').waitFor();
  await expectSound(page);
  await rowOf(page, 'fine').dragTo(rowOf(page, 'recalled'));
  await page.getByText('fine is now target 1 of 2').waitFor();
  await page.getByText('Changed: order of targets.').waitFor();
  await page.getByRole('button', { name: 'Undo: Route “stopped” rejects new calls' }).click();
  await page.getByText('Route “stopped” rejects new calls').waitFor({ state: 'hidden' });
  expect(mistakes).toEqual([]);
});

it('lists what uses a route, and deletes an unused one with a reason', async () => {
  await using provider = await startFakeProvider();
  const one = await connect('Five', provider.openAiUrl);
  await addRoute('held', [{ connectionId: one, model: 'large' }]);
  await callRoute('held');
  const { id } = await stage.server.call(createBudget, { body: { name: 'Spare', scope: { kind: 'route', id: 'held' }, period: 'day', hardMicros: 1e9 } });
  const { page, mistakes } = await stage.open('/models/held');
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Delete route' }).click();
  await dialog.getByText('“held” is in use').waitFor();
  const users = dialog.getByRole('list', { name: 'Used by' });
  expect(await users.getByRole('listitem').allTextContents()).toEqual(['Calls held', 'Budget Spare']);
  await expectSound(page);
  await dialog.getByRole('button', { name: 'Close' }).last().click();

  await stage.server.call(deleteBudget, { params: { id } });
  await users.waitFor({ state: 'detached' });
  const { workflows } = await stage.server.call(getRouteUsage, { params: { name: 'held' } });
  for (const workflow of workflows) await stage.server.call(deleteWorkflow, { params: { id: workflow.id } });
  await page.getByRole('button', { name: 'Delete route' }).click();
  await dialog.getByRole('textbox', { name: 'Reason (optional)' }).fill('Replaced');
  await expectSound(page);
  await dialog.getByRole('button', { name: 'Delete route' }).click();
  await page.getByText('Route “held” deleted').waitFor();
  const { items } = await stage.server.call(listChanges, { query: { subject: 'route:held' } });
  expect(items[0]).toMatchObject({ action: 'delete', reason: 'Replaced' });
  expect(mistakes).toEqual([]);
});

it('sends a test message, and lists it and the calls of steps, which open at the step', async () => {
  await using failing = await startFakeProvider();
  failing.failAlways({ kind: 'status', status: 400, message: 'Too odd' });
  await using good = await startFakeProvider();
  const [picky, works] = [await connect('Picky', failing.openAiUrl), await connect('Steady', good.openAiUrl)];
  await addRoute('tested', [
    { connectionId: picky, model: 'large', retries: 0, when: 'labels.tier == "pro"' },
    { connectionId: works, model: 'small' },
  ]);
  await callRoute('tested');
  const { page, mistakes } = await stage.open('/models/tested');
  await page.getByRole('button', { name: 'Try', exact: true }).click();
  const attempt = page.getByRole('region', { name: 'Try the route' });
  await attempt.getByText('No test message yet.').waitFor();
  await field(page, 'Message').fill('Where is my order?');
  await field(page, 'Run labels (optional)').fill('tier');
  await attempt.getByText('Write name: value').waitFor();
  expect(await attempt.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true);
  await field(page, 'Run labels (optional)').fill('tier: pro');
  await expectSound(page);
  await attempt.getByRole('button', { name: 'Send' }).click();
  await attempt.getByText('You said: Where is my order?').waitFor();
  await attempt.getByText('on Steady, tested@1').waitFor();
  const attempts = attempt.getByRole('list', { name: 'Attempts' }).getByRole('listitem');
  expect(await attempts.allTextContents()).toEqual([
    expect.stringMatching(/^large on PickyThe model provider rejected the request/),
    expect.stringMatching(/^small on Steadyanswered/),
  ]);
  await expectSound(page);

  await page.getByRole('button', { name: 'Calls', exact: true }).click();
  const calls = page.getByRole('list', { name: 'Calls' }).getByRole('listitem');
  await calls.nth(1).waitFor();
  expect(await calls.nth(0).textContent()).toContain('Fallback: The model provider rejected the request');
  await expectSound(page);
  await page.getByRole('combobox', { name: 'Outcome' }).click();
  await page.getByRole('option', { name: 'Failed' }).click();
  await page.getByText('No calls match these filters.').waitFor();
  await page.getByRole('combobox', { name: 'Outcome' }).click();
  await page.getByRole('option', { name: 'First choice' }).click();
  await eventually(() => calls.count()).toBe(1);
  await target(page, 'large').click();
  await page.getByRole('button', { name: 'Show calls' }).click();
  await page.getByText('No calls match these filters.').waitFor();
  await target(page, 'small').click();
  await page.getByRole('button', { name: 'Show calls' }).click();
  await calls.nth(1).waitFor();
  await calls.getByRole('link', { name: 'ask' }).click();
  await page
    .getByRole('complementary', { name: /^Step / })
    .getByRole('heading', { name: 'ask' })
    .waitFor();
  expect(new URL(page.url()).searchParams.get('step')).toBe('ask#1');
  expect(mistakes).toEqual([]);
});

it('fits a phone, where the settings are a sheet', async () => {
  await using failing = await startFakeProvider();
  failing.failAlways({ kind: 'status', status: 400, message: 'Too odd' });
  const one = await connect('Six', failing.openAiUrl);
  await addRoute('pocket', [{ connectionId: one, model: 'small', retries: 0 }]);
  const { page } = await stage.open('/models/pocket', { width: 390, height: 844 });
  await page.getByRole('button', { name: 'Call to pocket' }).waitFor();
  await expectSound(page);
  await page.getByRole('button', { name: 'Try', exact: true }).click();
  await field(page, 'Message').fill('Hello');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('region', { name: 'Try the route' }).getByText('Too odd').waitFor();
  await page.getByRole('list', { name: 'Attempts' }).getByText('small on Six').waitFor();
  await expectSound(page);
  await page.getByRole('button', { name: 'Calls', exact: true }).click();
  await page.getByRole('list', { name: 'Calls' }).getByText('Try').waitFor();
  // A call without tokens has no price.
  await page.getByRole('list', { name: 'Calls' }).getByText('–').waitFor();
  await expectSound(page);
  await page.getByRole('button', { name: 'Collapse' }).click();
  await page.getByRole('button', { name: 'Call to pocket' }).click();
  await page.getByRole('complementary', { name: 'Settings of the route' }).waitFor();
  await expectSound(page);
  await page.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('complementary', { name: 'Settings of the route' }).waitFor({ state: 'hidden' });
});

it('says that a route doesn’t exist', async () => {
  const { page } = await stage.open('/models/nowhere');
  await page.getByText('Couldn’t load route “nowhere”').waitFor();
});
