import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decideReview } from '@switchyard/shared/contracts/reviews.ts';
import { listRuns } from '@switchyard/shared/contracts/runs.ts';
import { createTrigger } from '@switchyard/shared/contracts/triggers/triggers.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { beforeAll, expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { edge, graphOf, modelGraph, node, reviewGraph } from '../kit/graph.ts';
import { PNG } from '../kit/multipart.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { openTask } from '../kit/review-task.ts';
import { useStage } from './stage.ts';

/* The pages of forms and chats, as people without an account see them. */

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

async function chatOf(graph: Graph, settings: Record<string, unknown> = {}) {
  const { id } = await publishedWorkflow(stage.server, graph);
  const made = await stage.server.call(createTrigger, { params: { id }, body: { kind: 'chat', title: 'Ask the shop', perMinute: 100, ...settings } });
  return { id, url: made.url ?? '', path: new URL(made.url ?? '').pathname };
}

it('a chat answers by keyboard, streams, survives a reload, and is accessible in both color schemes and on a phone', async () => {
  const { path: chat } = await chatOf(modelGraph(), { greeting: 'Hi, how can we help?' });
  const { page, mistakes } = await stage.open(chat, { width: 320, height: 640 });
  const log = page.getByRole('log', { name: 'Conversation' });
  await log.getByText('Hi, how can we help?').waitFor();
  const field = page.getByRole('textbox', { name: 'Message' });
  await field.fill('Where is my order <b>4417</b>? See https://shop.example/orders.');
  await field.press('Enter');
  await log.getByText('Where is my order <b>4417</b>?').waitFor();
  await log.locator('.message:not(.own):not(.soft)').nth(1).waitFor();
  await page.locator('#log[aria-busy="false"]').waitFor();
  expect(await log.getByRole('link', { name: 'https://shop.example/orders', exact: true }).first().getAttribute('rel')).toContain('noopener');
  expect(await page.evaluate('document.activeElement.id')).toBe('text');
  expect(await barriersOn(page)).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await barriersOn(page)).toEqual([]);
  await page.reload();
  await log.getByText('Where is my order <b>4417</b>?').waitFor();
  expect(await log.locator('.message').count()).toBe(3);
  await page.getByRole('button', { name: 'New conversation' }).click();
  expect(await log.locator('.message').count()).toBe(1);
  expect(mistakes).toEqual([]);
});

it('a chat opens on a site that may embed it, says that a person has to review, and shows the answer once it is there', async () => {
  await using site = await startSite();
  const { id, url } = await chatOf(reviewGraph(), { frameAncestors: [site.origin] });
  site.show(`<!doctype html><title>Shop</title><h1>Shop</h1><script src="${url}/embed.js" async></script>`);
  const { page, mistakes } = await stage.open('/f/none');
  await page.goto(site.origin);
  const button = page.getByRole('button', { name: 'Open chat: Ask the shop' });
  await button.click();
  const chat = page.frameLocator('iframe[title="Ask the shop"]');
  await chat.getByRole('textbox', { name: 'Message' }).fill('Refund me');
  await chat.getByRole('button', { name: 'Send' }).click();
  await chat.getByText('A person has to review this first.').waitFor();
  const { items } = await stage.server.call(listRuns, { query: { workflowId: id } });
  const task = await openTask(stage.server, items[0]?.id ?? '');
  await stage.server.call(decideReview, { params: { id: task.id }, body: { decision: 'approve' } });
  await chat.getByText('A person has to review this first.').waitFor({ state: 'detached' });
  await chat.getByText('Refund me').nth(1).waitFor();
  await chat.getByRole('textbox', { name: 'Message' }).press('Escape');
  await button.waitFor();
  expect(await page.locator('iframe').isVisible()).toBe(false);
  // The browser logs the 404 of the first page.
  expect(mistakes.filter((mistake) => !mistake.includes('404'))).toEqual([]);
});

it('a chat whose workflow takes files sends them with a message, and lets go of one', async () => {
  const schema = { type: 'object', properties: { message: { type: 'string' }, files: { type: 'array', items: { type: 'object', format: 'file' } } } };
  const value = '{{ input.files.map(f, f.name + " has " + string(f.bytes) + " bytes").join(", ") }}';
  const { path: chat } = await chatOf(graphOf([node('input', 'start', { schema }), node('output', 'reply', { value })], [edge('start', 'reply')]));
  const { page, mistakes } = await stage.open(chat, { width: 320, height: 640 });
  const file = (name: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from('hello') });
  await page.getByLabel('Attach files').setInputFiles([file('note.txt'), file('other.txt')]);
  await page.getByRole('button', { name: 'Remove other.txt' }).click();
  expect(await page.getByRole('list', { name: 'Attached files' }).getByRole('listitem').count()).toBe(1);
  expect(await barriersOn(page)).toEqual([]);
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByText('note.txt has 5 bytes').waitFor();
  await page.getByText('[file: note.txt]').waitFor();
  expect(await page.getByRole('listitem').count()).toBe(0);
  expect(mistakes).toEqual([]);
});

/** Another site, with one page. */
async function startSite() {
  let html = '';
  const server = createServer((_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(html)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    show: (page: string) => {
      html = page;
    },
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

it('a file of a form is shown to the reviewer, and downloaded as it was', async () => {
  const schema = {
    type: 'object',
    required: ['photo'],
    properties: { photo: { type: 'object', format: 'file', title: 'A photo', contentMediaType: 'image/*' } },
  };
  const review = node('human-review', 'check', {
    title: 'Check the photo',
    decisions: [{ id: 'approve', title: 'Approve' }],
    fields: [],
    context: [{ name: 'Photo', value: '{{ input.photo }}' }],
  });
  const graph = graphOf(
    [node('input', 'start', { schema }), review, node('output', 'reply', { value: '{{ input.photo }}' })],
    [edge('start', 'check'), edge('check.approve', 'reply')],
  );
  const { id } = await publishedWorkflow(stage.server, graph);
  const { url } = await stage.server.call(createTrigger, { params: { id }, body: { kind: 'form', title: 'Send a photo', perMinute: 100 } });
  const { page: form } = await stage.open(new URL(url ?? '').pathname, { width: 320, height: 640 });
  expect(await barriersOn(form)).toEqual([]);
  await form.getByLabel('A photo').setInputFiles({ name: 'lamp.png', mimeType: 'image/png', buffer: PNG });
  await form.getByRole('button', { name: 'Send' }).click();
  await form.getByRole('status').waitFor();
  const task = await openTask(stage.server, (await stage.server.call(listRuns, { query: { workflowId: id } })).items[0]?.id ?? '');
  const { page, mistakes } = await stage.open(new URL(task.link ?? '').pathname);
  const image = page.getByRole('img', { name: 'lamp.png' });
  await image.waitFor();
  await expect.poll(() => image.evaluate((element) => Number((element as unknown as { naturalWidth: number }).naturalWidth))).toBe(1);
  expect(await barriersOn(page)).toEqual([]);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download lamp.png' }).click()]);
  expect(download.suggestedFilename()).toBe('lamp.png');
  expect(mistakes).toEqual([]);
});
