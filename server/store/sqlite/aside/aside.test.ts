import { Worker } from 'node:worker_threads';
import { expect, it, vi } from 'vitest';
import { entries, WORKSPACE } from '../../contract/things.fixture.ts';
import { makeSqliteHome } from '../sqlite-home.fixture.ts';

const MANY = 300;

it('answers queries that were sent before closing, and its thread ends on its own', async () => {
  await using home = await makeSqliteHome();
  const store = await home.open();
  const here = store.in(WORKSPACE);
  const about = { workspaceId: WORKSPACE, at: new Date(0).toISOString(), group: 'all', kind: 'usual', labels: {}, body: { value: 'an order' } };
  await Promise.all(Array.from({ length: MANY }, (_, index) => here.insert(entries, { id: `entry_${index}`, ...about })));
  const terminate = vi.spyOn(Worker.prototype, 'terminate');
  const found = here.find(entries, { search: 'order', order: { field: 'at', descending: true }, limit: 2 });
  await store.close();
  expect((await found).items.map(({ id }) => id)).toEqual(['entry_99', 'entry_98']);
  expect(terminate).not.toHaveBeenCalled();
  terminate.mockRestore();
});

it('ends its thread once the index is complete, and answers the next query with a new one', async () => {
  await using home = await makeSqliteHome();
  const store = await home.open();
  const here = store.in(WORKSPACE);
  const about = { workspaceId: WORKSPACE, at: new Date(0).toISOString(), group: 'all', kind: 'usual', labels: {}, body: { value: 'an order' } };
  const posted = vi.spyOn(Worker.prototype, 'postMessage');
  await Promise.all(Array.from({ length: MANY }, (_, index) => here.insert(entries, { id: `entry_${index}`, ...about })));
  // No query was made: the thread starts because the table has grown, and only fills the index.
  await expect.poll(() => posted.mock.calls.flat(), { timeout: 20_000 }).toContainEqual({ end: true });
  posted.mockRestore();
  const found = await here.find(entries, { search: 'order', order: { field: 'at', descending: true }, limit: 2 });
  expect(found.items).toHaveLength(2);
  await store.close();
});
