import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { getReview, listReviews } from '@switchyard/shared/contracts/reviews.ts';
import { startRun } from '@switchyard/shared/contracts/runs.ts';
import { shareWorkflow } from '@switchyard/shared/contracts/sharing.ts';
import { signOutEverywhere } from '@switchyard/shared/contracts/sign-in.ts';
import { createWorkflow, getWorkflow, listWorkflows } from '@switchyard/shared/contracts/workflows.ts';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { createApi, type TestApi } from '../kit/api.ts';
import { barriersOn } from '../kit/axe.ts';
import { reviewGraph } from '../kit/graph.ts';
import { repositoryRoot } from '../kit/server.ts';
import { PASSWORD, signedIn, tokenOf } from '../kit/signed-in.ts';
import { until } from '../kit/until.ts';
import { editorOn } from './editor.ts';
import { eventually, useStage } from './stage.ts';

const images = process.env.UPDATE_IMAGES === '1' ? join(repositoryRoot, 'docs', 'images') : undefined;

const stage = useStage({ env: { SWITCHYARD_PASSWORD: PASSWORD } });
let api: TestApi;

beforeAll(async () => {
  if (images) await mkdir(images, { recursive: true });
  const { authorization } = await tokenOf(stage.server, (await signedIn(stage.server)).cookie);
  api = createApi(stage.server.base, { authorization });
});

async function check(page: Page, name?: string): Promise<void> {
  await page.evaluate('document.fonts.ready');
  if (images && name) await page.screenshot({ path: join(images, `${name}.png`) });
  expect(await barriersOn(page)).toEqual([]);
}

async function signIn(page: Page, password = PASSWORD): Promise<void> {
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

it('asks for the password, says what is wrong with it, and opens the page that was requested', async () => {
  const { page } = await stage.open('/runs?status=failed');
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(await page.getByRole('navigation').count()).toBe(0);
  await check(page, 'sign-in-light');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByText('Enter the password.').waitFor();
  await signIn(page, 'wrong');
  await page.getByText('Wrong password.').waitFor();
  await check(page);
  await signIn(page);
  await page.getByRole('heading', { name: 'Runs', exact: true }).waitFor();
  expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/runs?status=failed');
  await page.reload();
  await page.getByRole('heading', { name: 'Runs', exact: true }).waitFor();
});

it('has a password field that password managers recognize, in the dark scheme and on a phone too', async () => {
  const { page, mistakes } = await stage.open('/', { scheme: 'dark', width: 390, height: 844 });
  const password = page.getByLabel('Password', { exact: true });
  await password.waitFor();
  expect(await password.getAttribute('autocomplete')).toBe('current-password');
  expect(await page.locator('input[autocomplete="username"]').count()).toBe(1);
  expect(await page.evaluate('document.activeElement?.getAttribute("name")')).toBe('password');
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  await check(page);
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();
  expect(mistakes).toEqual([]);
});

it('creates an API token that works until it is revoked, and signs out', async () => {
  const { page, mistakes } = await stage.open('/settings');
  await signIn(page);
  await page.getByRole('list', { name: 'Sessions' }).getByText('this browser').waitFor();
  await page.getByRole('textbox', { name: 'New token' }).fill('Nightly import');
  await page.reload();
  await eventually(() => page.getByRole('textbox', { name: 'New token' }).inputValue()).toBe('Nightly import');
  await page.getByRole('checkbox', { name: 'Review' }).check();
  await page.getByRole('button', { name: 'Create token' }).click();
  await page.getByRole('listitem').filter({ hasText: 'Nightly import' }).getByText('Run, Read, Edit, Review', { exact: true }).waitFor();
  const token = await page.getByRole('textbox', { name: 'API token', exact: true }).inputValue();
  expect(token).toMatch(/^swy_/);
  await check(page, 'settings-sign-in-light');
  await page.getByRole('button', { name: 'Copy API token' }).click();
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe(token);
  const program = createApi(stage.server.base, { authorization: `Bearer ${token}` });
  expect(await program.call(listWorkflows, {})).toMatchObject({ items: expect.any(Array) });

  await page.getByRole('button', { name: 'Done' }).click();
  expect(await page.getByText(token).count()).toBe(0);
  await page.getByRole('button', { name: 'Revoke Nightly import' }).click();
  await page.getByText(/lose access immediately/).waitFor();
  await page.getByRole('button', { name: 'Revoke', exact: true }).click();
  await eventually(() => page.getByText('Nightly import').count()).toBe(0);
  expect((await program.refused(listWorkflows, {})).code).toBe('unauthorized');

  expect(mistakes).toEqual([]);
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.goto(new URL('/workflows', stage.server.base).href);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
});

it('asks again when the session ends, and keeps everything that was typed', async () => {
  const { id } = await api.call(createWorkflow, { body: { name: 'Half typed' } });
  const titles = async () => (await api.call(getWorkflow, { params: { id } })).draft.nodes.map((node) => node.data.title);
  const { page } = await stage.open(`/workflows/${id}`);
  await signIn(page);
  const editor = await editorOn(page);
  await editor.openStep('Input');
  await editor.saved();
  await api.call(signOutEverywhere, {});
  // The socket tells the page before its next request does.
  await page.getByRole('dialog', { name: 'Sign in again' }).waitFor();
  expect(await page.getByText(/^Offline/).count()).toBe(0);
  await check(page);
  await signIn(page);
  await page.getByRole('dialog', { name: 'Sign in again' }).waitFor({ state: 'hidden' });

  await page.route(
    '**/draft',
    async (route) => {
      await api.call(signOutEverywhere, {});
      await route.continue();
    },
    { times: 1 },
  );
  await editor.inspector.getByRole('textbox', { name: 'Title' }).fill('Typed before the end');
  await page.getByRole('dialog', { name: 'Sign in again' }).waitFor();
  expect(await titles()).not.toContain('Typed before the end');
  await signIn(page);
  await eventually(titles).toContain('Typed before the end');
  await editor.saved();
  await editor.step('Typed before the end').waitFor();
  await page.getByText(/^Offline/).waitFor({ state: 'hidden' });
});

it('shows a shared workflow without sign-in, and requires it for a copy', async () => {
  const { id } = await api.call(createWorkflow, { body: { name: 'Shown to all' } });
  const { url } = await api.call(shareWorkflow, { params: { id }, body: {} });
  const { page, mistakes } = await stage.open(new URL(url).pathname);
  await editorOn(page);
  await page.getByRole('heading', { name: 'Shown to all' }).waitFor();
  expect(mistakes).toEqual([]);
  await page.getByRole('button', { name: 'Use this template' }).click();
  await page.getByRole('dialog', { name: 'Sign in' }).waitFor();
  await signIn(page);
  await page.waitForURL('**/workflows/*');
  await editorOn(page);
});

it('opens a review link and takes the decision without sign-in', async () => {
  const { id } = await api.call(createWorkflow, { body: { name: 'Reviewed', graph: reviewGraph() } });
  const run = await api.call(startRun, { params: { id }, body: { input: { message: 'Refund me' } } });
  const task = await until('the review', async () => (await api.call(listReviews, { query: { runId: run.id } })).items[0]);
  const { page, mistakes } = await stage.open(new URL(task.link ?? '').pathname);
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await eventually(async () => (await api.call(getReview, { params: { id: task.id } })).status).toBe('done');
  await page
    .getByText(/Approve/)
    .first()
    .waitFor();
  expect(await page.getByRole('dialog').count()).toBe(0);
  expect(mistakes).toEqual([]);
});

it('says how long to wait after too many wrong passwords, and that the server is unreachable', async () => {
  const { page } = await stage.open('/workflows');
  // All at once: one after another on a slow machine, they would stay below the limit.
  const statuses = async () =>
    Promise.all(Array.from({ length: 11 }, async () => (await stage.server.send('POST', '/api/session', { body: { password: 'wrong' } })).status));
  const mustWait = page.getByRole('button', { name: /^Try again in \d+ s$/ });
  // The limit may be over again before the page asks.
  await eventually(async () => {
    if (!(await statuses()).includes(429)) return false;
    await signIn(page, 'wrong');
    await mustWait.or(page.getByText('Wrong password.')).first().waitFor();
    return mustWait.isVisible();
  }).toBe(true);
  await page.getByText('Too many attempts. Wait before trying again.').waitFor();

  const { page: away } = await stage.open('/workflows');
  await away.getByRole('heading', { name: 'Sign in' }).waitFor();
  await away.context().setOffline(true);
  await signIn(away);
  await away.getByText(/Can’t reach the server/).waitFor();
});
