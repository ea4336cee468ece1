import { getAlert, putAlert } from '@switchyard/shared/contracts/alerts.ts';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { startAlertReceiver } from '../kit/alert-receiver.ts';
import { barriersOn } from '../kit/axe.ts';
import { echoGraph } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { eventually, useStage } from './stage.ts';

const stage = useStage({ env: { EGRESS_ALLOW: '127.0.0.1' } });

const openSettings = async (page: Page) => {
  await page.getByRole('button', { name: 'Workflow settings' }).click();
  return page.getByRole('region', { name: 'Alerts' });
};

it('turns alerts on, sends a test message, shows why one failed, and creates a signing secret', async () => {
  await using receiver = await startAlertReceiver();
  const { id } = await publishedWorkflow(stage.server, echoGraph());
  const { page, mistakes } = await stage.open(`/workflows/${id}`);
  const alerts = await openSettings(page);
  await alerts.getByRole('switch', { name: 'Send a message when a live run fails' }).check({ force: true });
  await alerts.getByRole('button', { name: 'Save' }).click();
  await alerts.getByText('Enter a URL.').waitFor();
  await alerts.getByLabel('URL').fill(receiver.url);
  await page.reload();
  await openSettings(page);
  expect(await alerts.getByLabel('URL').inputValue()).toBe(receiver.url);
  await alerts.getByRole('button', { name: 'Save' }).click();
  await alerts.getByText('Nothing sent yet.').waitFor();
  await alerts.getByRole('button', { name: 'Send test message' }).click();
  await alerts.getByText(/^Test message delivered/).waitFor();
  expect(receiver.received.map(({ json }) => json.type)).toEqual(['alert.test']);
  receiver.answer(500);
  await alerts.getByRole('button', { name: 'Send test message' }).click();
  await alerts.getByText('The webhook returned 500.').waitFor();
  await alerts.getByRole('button', { name: 'New signing secret' }).click();
  expect(await alerts.getByLabel('Signing secret', { exact: true }).inputValue()).toMatch(/^whsec_/);
  expect(await barriersOn(page)).toEqual([]);
  await alerts.getByRole('switch').uncheck({ force: true });
  await alerts.getByRole('button', { name: 'Save' }).click();
  await eventually(async () => (await stage.server.call(getAlert, { params: { id } })).enabled).toBe(false);
  expect(mistakes).toEqual([]);
});

it.for([
  { scheme: 'light', width: 1_440, height: 900 },
  { scheme: 'dark', width: 390, height: 844 },
] as const)('says how to set up email, and explains a change made elsewhere ($scheme, $width)', async (look) => {
  const { id } = await publishedWorkflow(stage.server, echoGraph());
  const { page } = await stage.open(`/workflows/${id}`, look);
  const alerts = await openSettings(page);
  await alerts.getByRole('switch').check({ force: true });
  await alerts.getByText('Email', { exact: true }).click();
  await alerts.getByText('SMTP_URL=smtps://name:password@smtp.example.com').waitFor();
  expect(await alerts.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
  expect(await barriersOn(page)).toEqual([]);
  await alerts.getByText('Webhook', { exact: true }).click();
  await alerts.getByLabel('URL').fill('https://mine.example.com/alerts');
  await stage.server.call(putAlert, { params: { id }, body: { enabled: true, channel: { kind: 'webhook', url: 'https://theirs.example.com/' } } });
  await alerts.getByRole('button', { name: 'Save' }).click();
  await alerts.getByText('These alert settings were changed elsewhere.').waitFor();
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  await alerts.getByRole('button', { name: 'Discard' }).click();
  expect(await alerts.getByLabel('URL').inputValue()).toBe('https://theirs.example.com/');
});
