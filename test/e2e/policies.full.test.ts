import { createKillSwitch } from '@switchyard/shared/contracts/controls/kill-switches.ts';
import { getQueueSettings } from '@switchyard/shared/contracts/controls/queue.ts';
import { getPolicies, putPolicies } from '@switchyard/shared/contracts/policies.ts';
import type { RedactionRule } from '@switchyard/shared/contracts/redaction-rules.ts';
import { getRun, startRun } from '@switchyard/shared/contracts/runs.ts';
import { createWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { echoGraph } from '../kit/graph.ts';
import { useStage } from './stage.ts';

const stage = useStage();
const PHONE = { width: 390, height: 844, scheme: 'dark' } as const;
const SMALL = { width: 1_024, height: 768 };

const workflow = async (name = 'Support replies') => (await stage.server.call(createWorkflow, { body: { name, graph: echoGraph() } })).id;
const policyOf = (id: string) => stage.server.call(getPolicies, { params: { id } });

/** The page has no accessibility violations in either color scheme, and nothing is wider than the window. */
async function expectSound(page: Page): Promise<void> {
  expect(await barriersOn(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await barriersOn(page, { only: 'colors' })).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
}

async function choose(page: Page, name: string, option: RegExp): Promise<void> {
  await page.getByRole('combobox', { name }).click();
  await page.getByRole('option', { name: option }).click();
}

it('leads from the settings of a workflow to its policies, where it is stopped and released', async () => {
  const id = await workflow();
  const { page, mistakes } = await stage.open(`/workflows/${id}`);
  await page.getByRole('button', { name: 'Workflow settings' }).click();
  await page.getByRole('link', { name: 'Policies' }).click();
  await page.getByRole('heading', { level: 1, name: 'Policies' }).waitFor();
  await page.getByText('No policy saved yet').waitFor();
  await page.getByText('Nothing is stopped.').waitFor();
  await stage.server.call(createKillSwitch, { body: { scope: { kind: 'tenant', id: 'globex' }, mode: 'refuse', reason: 'Their script runs in a loop' } });
  await page.getByText('“Their script runs in a loop”').waitFor();
  await page.getByText('Nothing else is stopped.').waitFor();
  await page.getByRole('button', { name: 'Finish open runs, then stop…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Finish open runs, then stop', exact: true }).click();
  await page.getByText('This workflow accepts no new runs.').waitFor();
  await expectSound(page);
  await page.getByRole('button', { name: 'Undo: Workflow “Support replies” finishes open runs, then stops' }).click();
  await page.getByText('Nothing else is stopped.').waitFor();
  await page.getByRole('button', { name: /^Undo: Tenant/ }).click();
  await page.getByText('Nothing is stopped.').waitFor();
  expect(mistakes).toEqual([]);
});

it('edits detectors, keeps them through a reload, tests them on a text, and saves them with a reason', async () => {
  const id = await workflow();
  await stage.server.call(putPolicies, { params: { id }, body: { redaction: [{ detector: 'email', action: 'mask' }] } });
  await stage.server.call(startRun, { params: { id }, body: { input: { message: 'jane@example.com' }, version: 'draft', wait: 20_000 } });
  const { page, mistakes } = await stage.open(`/workflows/${id}/policies`);
  await page.getByText('Policy 1 in use').waitFor();
  await page
    .getByRole('listitem', { name: 'Email address' })
    .getByTitle('Found in 24 hours')
    .getByText(/^[1-9]/)
    .waitFor();

  await choose(page, 'Action for Email address', /^Tokenize/);
  await page.getByText('was Mask').waitFor();
  await choose(page, 'Action for Card number', /^Mask, keep 4/);
  await page.getByRole('button', { name: 'Pattern or field' }).click();
  await page.getByRole('menuitem', { name: 'Add pattern' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('customer');
  await page.getByRole('textbox', { name: 'Pattern' }).fill('c_(\\d{5}');
  await page.getByText(/^Pattern is not a valid pattern/).waitFor();
  const save = page.getByRole('button', { name: 'Save policy 2' });
  expect(await save.isDisabled()).toBe(true);
  await expectSound(page);
  await page.getByRole('textbox', { name: 'Pattern' }).fill('c_\\d{5}');
  await page.getByRole('textbox', { name: 'Reason (optional)' }).fill('Cards must not be stored');
  await page.getByText('3 changes, not saved').waitFor();

  await page.reload();
  await page.getByText('3 changes, not saved').waitFor();
  expect(await page.getByRole('textbox', { name: 'Reason (optional)' }).inputValue()).toBe('Cards must not be stored');
  const test = page.getByRole('complementary', { name: 'Test a text' });
  await test.getByRole('textbox').fill('c_88213 paid with 4111 1111 1111 1111, not 4111 1111 1111 1112. Write to ada@example.com from 10.1.2.3');
  await test.getByText('3 found').waitFor();
  await test.getByText('[card …1111]').waitFor();
  await test.getByText('[customer#').waitFor({ state: 'detached' });
  await test.getByText('[customer]').waitFor();
  await test.getByText('stays: its check digits are wrong, so it is no card number.').waitFor();
  await test.getByText('stays: IP address is off.').waitFor();
  await test.getByText('Who sees the real value: Email address').waitFor();
  expect(await test.getByText(/^\[email:[b-z]{12}\]$/).count()).toBe(4);
  await expectSound(page);

  await save.click();
  await page.getByText('Policy 2 in use').waitFor();
  await page.getByText('not saved').waitFor({ state: 'detached' });
  expect(await policyOf(id)).toMatchObject({
    revision: 2,
    redaction: [
      { detector: 'email', action: 'tokenise' },
      { detector: 'card', action: 'mask', keepLast: 4 },
      { detector: 'pattern', name: 'customer', pattern: 'c_\\d{5}', action: 'mask' },
    ],
  });
  expect(mistakes).toEqual([]);
});

it('tests fields on JSON, refuses a value, and removes a rule', async () => {
  const id = await workflow();
  const redaction: RedactionRule[] = [
    { detector: 'iban', action: 'refuse' },
    { detector: 'field', fields: ['customer.birthday'], action: 'hash' },
  ];
  await stage.server.call(putPolicies, { params: { id }, body: { redaction } });
  const { page, mistakes } = await stage.open(`/workflows/${id}/policies`, PHONE);
  const test = page.getByRole('complementary', { name: 'Test a text' });
  await test.getByRole('textbox').fill('{"customer": {"birthday": "1990-01-31"}}');
  await test.getByText(/^\[birthday#[b-z]{12}\]$/).waitFor();
  await test.getByRole('textbox').fill('Pay to DE89 3704 0044 0532 0130 00');
  await test.getByText('No run:').waitFor();
  await expectSound(page);

  await page.getByRole('button', { name: 'Edit Field' }).click();
  await page.getByRole('textbox', { name: 'Fields' }).fill('customer.born');
  await page.getByText('was customer.birthday').waitFor();
  await page.getByRole('button', { name: 'Remove' }).click();
  await page.getByText('Removed when you save').waitFor();
  await expectSound(page);
  await page.getByRole('button', { name: 'Discard' }).click();
  await page.getByText('customer.birthday').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Save policy 2' }).click();
  await page.getByText('Policy 2 in use').waitFor();
  expect((await policyOf(id)).redaction).toEqual([{ detector: 'iban', action: 'refuse' }]);
  expect(mistakes).toEqual([]);
});

it('keeps edits when the policy is saved elsewhere, and applies them to the newer one', async () => {
  const id = await workflow();
  const { page, mistakes } = await stage.open(`/workflows/${id}/policies`, SMALL);
  await choose(page, 'Action for Email address', /^Tokenize/);
  await stage.server.call(putPolicies, { params: { id }, body: { redaction: [{ detector: 'iban', action: 'refuse' }] } });
  await page.getByRole('button', { name: 'Save policy 1' }).click();
  await page.getByRole('alert').getByText('Your edits weren’t saved').waitFor();
  await expectSound(page);
  await page.getByRole('button', { name: 'Apply my edits to policy 1' }).click();
  await page.getByRole('button', { name: 'Save policy 2' }).click();
  await page.getByText('Policy 2 in use').waitFor();
  expect((await policyOf(id)).redaction).toEqual([
    { detector: 'email', action: 'tokenise' },
    { detector: 'iban', action: 'refuse' },
  ]);
  // The conflict is logged by the browser.
  expect(mistakes.filter((mistake) => !mistake.includes('409'))).toEqual([]);
});

it('sets logging and retention, and counts affected runs before saving', async () => {
  const id = await workflow();
  await stage.server.call(startRun, { params: { id }, body: { input: { message: 'Hello' }, version: 'draft', wait: 20_000 } });
  const { page, mistakes } = await stage.open(`/workflows/${id}/policies`, SMALL);
  await page.getByRole('radio', { name: /^Redacted/ }).check();
  await page.getByText('was Full').waitFor();
  await page.getByRole('textbox', { name: 'Fields to keep' }).fill('topic, order.status');
  await page.getByRole('textbox', { name: 'Payloads' }).fill('500');
  await page.getByText('Payloads must not be longer than journals', { exact: true }).waitFor();
  expect(await page.getByRole('button', { name: 'Save policy 1' }).isDisabled()).toBe(true);
  await expectSound(page);
  await page.getByRole('textbox', { name: 'Payloads' }).fill('7');
  await page.getByText('was 90 days').waitFor();
  await page.getByRole('button', { name: 'Count affected runs' }).click();
  await page.getByText('No ended run is old enough').waitFor();
  await page.setViewportSize({ width: 1_440, height: 700 });
  expect(await page.evaluate("[...document.querySelectorAll('main section')].filter((one) => one.scrollHeight > one.clientHeight).length")).toBe(0);
  await page.setViewportSize(PHONE);
  await expectSound(page);
  await page.reload();
  await page.getByRole('button', { name: 'Save policy 1' }).click();
  await page.getByText('Policy 1 in use').waitFor();
  expect(await policyOf(id)).toMatchObject({
    logging: 'redacted',
    keep: ['topic', 'order.status'],
    replyMinutes: 60,
    retention: { payloadDays: 7, journalDays: 400, summaryDays: null },
  });
  expect(mistakes).toEqual([]);
});

it('erases the payloads of one customer after counting them, and shows a receipt', async () => {
  const id = await workflow();
  const labels = { tenant: 'acme' };
  const run = await stage.server.call(startRun, { params: { id }, body: { input: { message: 'Hello' }, version: 'draft', wait: 20_000, labels } });
  const { page, mistakes } = await stage.open(`/workflows/${id}/policies`, PHONE);
  const form = page.getByRole('form', { name: 'Erase one customer' });
  await form.getByRole('textbox', { name: 'Value' }).fill('unknown');
  await form.getByRole('button', { name: 'Count runs' }).click();
  await page.getByText('No ended run has this label.').waitFor();
  await form.getByRole('textbox', { name: 'Value' }).fill('acme');
  await form.getByRole('button', { name: 'Count runs' }).click();
  await page.getByText('would lose their payloads for good').waitFor();
  await expectSound(page);
  await page.getByRole('textbox', { name: 'Reason of the erasure (optional)' }).fill('Asked by the customer');
  await page.getByRole('button', { name: 'Erase payloads of 1 run' }).click();
  const receipt = page.getByRole('region', { name: 'Receipt' });
  await receipt.getByText('with tenant “acme” are removed.').waitFor();
  await receipt.getByText('“Asked by the customer”').waitFor();
  await expectSound(page);
  expect((await stage.server.call(getRun, { params: { id: run.id } })).payloadsRemovedAt).toBeTruthy();
  expect(mistakes).toEqual([]);
});

it('sets how many runs are driven and queued, keeps edits through a reload, and can discard them', async () => {
  const id = await workflow();
  const { page, mistakes } = await stage.open(`/workflows/${id}/policies`);
  const queue = page.getByRole('region', { name: 'Queue' });
  await queue.getByRole('textbox', { name: 'Runs at once' }).fill('4');
  await queue.getByRole('textbox', { name: 'Queued runs' }).fill('1500');
  await choose(page, 'Priority', /^High/);
  await page.reload();
  await expectSound(page);
  await queue.getByRole('button', { name: 'Save limits' }).click();
  await queue.getByRole('button', { name: 'Save limits' }).waitFor({ state: 'detached' });
  expect(await stage.server.call(getQueueSettings, { params: { id } })).toMatchObject({ concurrency: 4, queueLimit: 1_500, priority: 'high', revision: 1 });
  await queue.getByRole('textbox', { name: 'Runs at once' }).fill('');
  await queue.getByRole('button', { name: 'Discard' }).click();
  expect(await queue.getByRole('textbox', { name: 'Runs at once' }).inputValue()).toBe('4');
  expect(mistakes).toEqual([]);
});

it('says why policies can’t be loaded, and tries again', async () => {
  const id = await workflow();
  const { page } = await stage.open('/models', PHONE);
  let away = true;
  await page.route('**/api/workflows/*/policies', (route) =>
    away ? route.fulfill({ status: 500, json: { code: 'internal', detail: 'The disk is full.' } }) : route.continue(),
  );
  await page.goto(new URL(`/workflows/${id}/policies`, stage.server.base).href);
  await page.getByText('Couldn’t load policies').waitFor();
  await page.getByText('The disk is full.').waitFor();
  await expectSound(page);
  away = false;
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('No policy saved yet').waitFor();
});
