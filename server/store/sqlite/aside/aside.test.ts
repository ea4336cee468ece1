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
