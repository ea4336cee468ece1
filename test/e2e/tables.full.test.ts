import { createTable, findTableRows } from '@switchyard/shared/contracts/state/tables.ts';
import { createWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { edge, graphOf, messageInput, node } from '../kit/graph.ts';
import { useStage } from './stage.ts';

const stage = useStage();
const PHONE = { width: 390, height: 844 };

async function expectSound(page: Page): Promise<void> {
  expect(await barriersOn(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await barriersOn(page, { only: 'colors' })).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
}

const CSV = '\uFEFFEmail;Amount;Joined\r\nada@example.com;1,5;2027-01-31\r\n"bob@example.com";oops;\r\neve@example.com;3;2027-02-01\r\n';

it('creates a table, imports a CSV file, edits cells by keyboard, filters, and deletes rows', async () => {
  const { page, mistakes } = await stage.open('/settings');
  await page.getByRole('link', { name: 'Open tables' }).click();
  await page.getByRole('heading', { name: 'No tables yet' }).waitFor();
  await page.getByRole('button', { name: 'New table' }).click();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Customers');
  await page.getByRole('textbox', { name: 'Name of column 1' }).fill('Email');
  await page.getByRole('checkbox', { name: 'Column 1 is the key' }).check();
  await page.getByRole('button', { name: 'Add column' }).click();
  await page.getByRole('textbox', { name: 'Name of column 2' }).fill('Amount');
  await page.getByRole('combobox', { name: 'Type of column 2' }).click();
  await page.getByRole('option', { name: 'number' }).click();
  await expectSound(page);
  await page.getByRole('button', { name: 'Create table' }).click();
  await page.getByRole('heading', { name: 'No rows yet' }).waitFor();

  await page.getByRole('button', { name: 'Import CSV' }).first().click();
  const dialog = page.getByRole('dialog', { name: /Import live rows/ });
  await page.locator('input[type="file"]').setInputFiles({ name: 'customers.csv', mimeType: 'text/csv', buffer: Buffer.from(CSV) });
  await dialog.getByText('3 rows, separated by semicolons').waitFor();
  await expectSound(page);
  await dialog.getByRole('button', { name: 'Import 3 rows' }).click();
  await dialog.getByText('Done: 2 added, 1 not imported').waitFor();
  await dialog.getByText('“Amount” is “oops”, but must be a number.').waitFor();
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();

  const grid = page.getByRole('grid', { name: 'Customers' });
  await grid.getByRole('gridcell', { name: 'ada@example.com' }).click();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'Amount' }).fill('x');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('must be a number').waitFor();
  await page.getByRole('textbox', { name: 'Amount' }).fill('42');
  await page.keyboard.press('Enter');
  await grid.getByRole('gridcell', { name: '42' }).waitFor();
  await expectSound(page);
  const { items } = (await stage.server.call(findTableRows, { params: { id: page.url().split('/').at(-1) ?? '' }, body: {} })) ?? {};
  expect(items.map(({ cells }) => cells)).toEqual([
    { Email: 'ada@example.com', Amount: 42, Joined: '2027-01-31' },
    { Email: 'eve@example.com', Amount: 3, Joined: '2027-02-01' },
  ]);

  await page.getByRole('button', { name: /^Amount/ }).click();
  await page.getByRole('menuitem', { name: 'Sort ascending' }).click();
  await expect.poll(() => grid.getByRole('row').nth(1).textContent()).toContain('eve');
  await page.getByRole('button', { name: 'Add filter' }).click();
  await page.getByRole('textbox', { name: 'Value of filter 1' }).fill('ada@example.com');
  await page.getByRole('status').getByText('1 row of 2').waitFor();
  await page.setViewportSize(PHONE);
  await expectSound(page);
  await page.getByRole('checkbox', { name: 'Select row 1' }).check();
  await page.getByRole('button', { name: 'Delete 1 row' }).click();
  await page.getByRole('heading', { name: 'No rows match' }).waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await grid.getByText('ada@example.com').waitFor();
  expect(mistakes).toEqual([]);
});

it('configures a State node for a table, with its columns and conditions', async () => {
  const columns = [{ name: 'Email', type: 'text' as const, isKey: true }];
  await stage.server.call(createTable, { body: { name: 'Contacts', columns } });
  const graph = graphOf(
    [messageInput(), node('state', 'find', { operation: 'find-rows', key: '' }), node('output', 'reply', { value: '{{ steps.find.row }}' })],
    [edge('start', 'find'), edge('find', 'reply')],
  );
  const { id } = await stage.server.call(createWorkflow, { body: { name: 'Lookup', graph } });
  const { page, mistakes } = await stage.open(`/workflows/${id}?node=find`);
  await page.locator('.react-flow__node[data-id="find"]').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('combobox', { name: 'Table' }).click();
  await page.getByRole('option', { name: 'Contacts' }).click();
  await page.getByRole('button', { name: 'Add condition' }).click();
  await page.getByRole('combobox', { name: 'Column of condition 1' }).click();
  await page.getByRole('option', { name: 'Email' }).click();
  await page.getByText('finds rows in Contacts').first().waitFor();
  expect(await barriersOn(page)).toEqual([]);
  expect(mistakes).toEqual([]);
});
