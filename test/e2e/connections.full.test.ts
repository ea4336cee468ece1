import { createConnection, listConnections } from '@switchyard/shared/contracts/models.ts';
import { startRun } from '@switchyard/shared/contracts/runs.ts';
import { createWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import type { Page } from 'playwright-core';
import { afterAll, expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { fakeClient, startFakeOAuth } from '../kit/fake-oauth.ts';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { requestGraph } from '../kit/request-graph.ts';
import { editorOn } from './editor.ts';
import { eventually, useStage } from './stage.ts';

const service = await startFakeOAuth();
afterAll(() => service[Symbol.asyncDispose]());
const stage = useStage({ env: { EGRESS_ALLOW: '127.0.0.1' } });

/** axe finds no problems in either color scheme. */
async function expectNoBarriers(page: Page): Promise<void> {
  expect(await barriersOn(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await barriersOn(page, { only: 'colors' })).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
}

const picture = async (page: Page, name: string): Promise<void> => {
  const folder = process.env.CONNECTION_PICTURES;
  if (folder) await page.screenshot({ path: `${folder}/${name}.png` });
};

const calling = (connectionId: string): Graph => {
  const graph = requestGraph(`${service.url}/api`, 'POST');
  return {
    ...graph,
    nodes: graph.nodes.map((node) => (node.type === 'tool' ? { ...node, data: { ...node.data, params: { ...node.data.params, connectionId } } } : node)),
  };
};

it('adds a connection, signs in at the service, and reconnects it while runs wait', async () => {
  service.lifetime.said = 30;
  const { page, mistakes } = await stage.open('/settings/connections');
  await page.getByText('No connections yet').waitFor();
  await expectNoBarriers(page);
  await page.getByRole('button', { name: 'Add connection' }).click();
  await page.getByRole('menuitem', { name: 'Any other API' }).click();
  const form = page.getByRole('dialog');
  await form.getByRole('combobox', { name: 'Authentication' }).click();
  await page.getByRole('option', { name: 'OAuth 2.0: a person signs in' }).click();
  await form.getByRole('textbox', { name: 'Name' }).fill('Nordlicht mail');
  await form.getByRole('textbox', { name: /Restrict to URL/ }).fill(service.url);
  await form.getByRole('textbox', { name: 'Authorize URL' }).fill(`${service.url}/authorize`);
  await form.getByRole('textbox', { name: 'Token URL' }).fill(`${service.url}/token`);
  await form.getByRole('textbox', { name: 'Client ID' }).fill(fakeClient.id);
  await form.getByRole('textbox', { name: /Scopes/ }).fill('read\nadmin');
  await form.getByLabel(/Client secret/).fill(fakeClient.secret);
  expect(await barriersOn(page)).toEqual([]);
  await picture(page, 'add');
  await form.getByRole('button', { name: 'Add and sign in' }).click();

  await page.getByText('Signed in to “Nordlicht mail”').waitFor();
  const panel = page.getByRole('complementary', { name: 'Nordlicht mail' });
  await panel.getByText('ada@nordlicht.example').waitFor();
  await page.getByRole('table').getByText('Connected').waitFor();
  await panel.getByText('Not granted').waitFor();

  const [connection] = (await stage.server.call(listConnections, {})).items.filter(({ kind }) => kind === 'http');
  const workflow = await stage.server.call(createWorkflow, { body: { name: 'Invoice intake', graph: calling(connection?.id ?? '') } });
  service.revoke();
  const { id: runId } = await stage.server.call(startRun, { params: { id: workflow.id }, body: { input: { message: 'Hello' } } });
  await panel.getByText('1 run waiting').waitFor();
  await panel.getByText('rejected the refresh token', { exact: false }).waitFor();
  await panel.getByRole('link', { name: 'Invoice intake' }).waitFor();
  await expectNoBarriers(page);
  await picture(page, 'reconnect');
  service.lifetime.said = 3_600;
  await panel.getByRole('button', { name: /^Reconnect/ }).click();
  await page.getByRole('table').getByText('renews in 59 min').waitFor();
  await eventually(async () => (await stage.server.send('GET', `/api/runs/${runId}`)).json).toMatchObject({ status: 'succeeded' });
  expect(mistakes).toEqual([]);
});

it('adds a recipe from the palette with the account of its service, and says what to fill in', async () => {
  const { call } = stage.server;
  await call(createConnection, {
    body: {
      name: 'Slack',
      kind: 'http',
      service: 'slack',
      account: 'Nordlicht workspace',
      baseUrl: 'https://slack.com',
      secret: 'xoxb-1234',
      auth: { scheme: 'bearer' },
    },
  });
  const workflow = await call(createWorkflow, { body: { name: 'Notify', graph: requestGraph(`${service.url}/api`) } });
  const { page, mistakes } = await stage.open(`/workflows/${workflow.id}`);
  const editor = await editorOn(page);
  await page.keyboard.press('n');
  const palette = page.getByRole('complementary', { name: 'Add a node' });
  await palette.getByRole('combobox', { name: 'Search nodes' }).fill('message');
  await palette.getByText('Nordlicht workspace').waitFor();
  expect(await barriersOn(page)).toEqual([]);
  await picture(page, 'palette');
  await palette
    .getByRole('group', { name: 'Slack' })
    .getByRole('option', { name: /Send a message/ })
    .click();
  await editor.step('Send a message').waitFor();
  await editor.inspector.getByText('Replace {channel}', { exact: false }).first().waitFor();
  await editor.inspector.getByText('Slack · https://slack.com').or(editor.inspector.locator('input[value^="Slack"]')).first().waitFor();
  expect(mistakes).toEqual([]);
});

it('adds requests from a curl command and from an OpenAPI document', async () => {
  const workflow = await stage.server.call(createWorkflow, { body: { name: 'Imports', graph: requestGraph(`${service.url}/api`) } });
  const { page, mistakes } = await stage.open(`/workflows/${workflow.id}`);
  const editor = await editorOn(page);
  await page.keyboard.press('n');
  const palette = page.getByRole('complementary', { name: 'Add a node' });
  const dialog = page.getByRole('dialog');
  await palette.getByRole('option', { name: /From a curl command/ }).click();
  await dialog.getByRole('textbox', { name: 'curl command' }).fill('wget x');
  await dialog.getByRole('button', { name: 'Add node' }).click();
  await dialog.getByText('The command must start with curl.').waitFor();
  expect(await barriersOn(page)).toEqual([]);
  await dialog.getByRole('textbox', { name: 'curl command' }).fill("curl https://x.example/orders -H 'Authorization: Bearer secret-4711' -d '{\"a\": 1}'");
  await dialog.getByRole('button', { name: 'Add node' }).click();
  await editor.step('Post orders').waitFor();
  await page.getByText('Left out Authorization. Choose a connection that adds it.').waitFor();

  await palette.getByRole('option', { name: /From an OpenAPI file/ }).click();
  const yaml = 'openapi: 3.1.0\ninfo: {title: Shop}\nservers: [{url: https://shop.example}]\npaths:\n  /orders/{id}:\n    get: {summary: Read an order}\n';
  await dialog.getByRole('textbox', { name: 'OpenAPI document' }).fill(yaml);
  await dialog.getByRole('button', { name: 'List operations' }).click();
  await dialog.getByRole('button', { name: /Read an order/ }).waitFor();
  expect(await barriersOn(page)).toEqual([]);
  await dialog.getByRole('button', { name: /Read an order/ }).click();
  await editor.step('Read an order').waitFor();
  await editor.inspector.getByText('Replace {id}', { exact: false }).first().waitFor();
  expect(mistakes).toEqual([]);
  await editor.saved();
  expect((await stage.server.send('GET', `/api/workflows/${workflow.id}`)).text).not.toContain('4711');
});

it('fits a narrow window', async () => {
  const { page } = await stage.open('/settings/connections');
  await page.getByRole('table').waitFor();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole('button', { name: 'Slack' }).click();
  await page.getByRole('complementary', { name: 'Slack' }).waitFor();
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  await picture(page, 'narrow-panel');
  await page.getByRole('button', { name: 'Close' }).click();
  await picture(page, 'narrow');
  expect(await barriersOn(page)).toEqual([]);
});

const REDIS = process.env.TEST_REDIS_URL;

it.skipIf(!REDIS)('adds a database, and a node asks it', async () => {
  const graph: Graph = graphOf([messageInput(), node('database', 'ask', { connectionId: '', statement: 'GET {{ input.message }}' })], [edge('start', 'ask')]);
  const { id } = await stage.server.call(createWorkflow, { body: { name: 'Lookup', graph } });
  const { page, mistakes } = await stage.open('/settings/connections');
  await page.getByRole('button', { name: 'Add connection' }).click();
  await page.getByRole('menuitem', { name: 'Redis' }).click();
  const form = page.getByRole('dialog', { name: 'Connect Redis' });
  await form.getByRole('textbox', { name: 'Name' }).fill('Cache');
  await form.getByRole('textbox', { name: 'URL' }).fill('http://x');
  await form.getByText(/must be the URL of the server/).waitFor();
  await form.getByRole('textbox', { name: 'URL' }).fill(REDIS ?? '');
  await expectNoBarriers(page);
  await picture(page, 'database');
  await form.getByRole('button', { name: 'Add connection' }).click();
  await page.getByRole('button', { name: 'Cache', exact: true }).click();
  await page
    .getByRole('complementary', { name: 'Cache' })
    .getByText(/Tested .*Redis \d/)
    .waitFor();
  await picture(page, 'database-panel');

  await page.goto(new URL(`/workflows/${id}`, page.url()).href);
  await page.locator('.react-flow__node[data-id="ask"]').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('combobox', { name: 'Database' }).click();
  await page.getByRole('option', { name: /Cache/ }).click();
  await page.getByText('The statement can’t contain expressions. Write $1').waitFor();
  await page.getByRole('textbox', { name: 'Statement' }).fill('GET user:$1');
  await page.getByText('The statement uses $1, but there is no such parameter.').last().waitFor();
  expect(await barriersOn(page)).toEqual([]);
  await picture(page, 'database-node');
  expect(mistakes).toEqual([]);
});
