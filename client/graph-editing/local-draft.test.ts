import { emptyGraph } from '@switchyard/shared/graph/graph.ts';
import { expect, test } from 'vitest';
import { type DraftStorage, draftKeeper, tabId } from './local-draft.ts';

function memoryStorage(): DraftStorage & { readonly items: Map<string, unknown>; writes: number } {
  const items = new Map<string, unknown>();
  return {
    items,
    writes: 0,
    read: async (prefix) => [...items].filter(([key]) => key.startsWith(prefix)),
    write(key, value) {
      this.writes++;
      items.set(key, value);
    },
    remove: (key) => void items.delete(key),
  };
}
const graph = (name: string) => ({ ...emptyGraph(), vars: { name } });

/** A keeper whose pauses end when `pass` is called. */
function keeperIn(store: DraftStorage, tab: string, at = 0, workflowId = 'wf') {
  let waiting: (() => void)[] = [];
  const keeper = draftKeeper({
    storage: store,
    workflowId,
    tabId: tab,
    now: () => at,
    after: (_, then) => {
      waiting.push(then);
      return () => {
        waiting = waiting.filter((one) => one !== then);
      };
    },
  });
  return {
    ...keeper,
    pass: () => {
      for (const then of waiting.splice(0)) then();
    },
  };
}

test('A tab finds its own draft until it is forgotten', async () => {
  const store = memoryStorage();
  const keeper = keeperIn(store, 'one');
  keeper.keep(graph('mine'), 3);
  keeper.pass();
  expect(await keeperIn(store, 'one').recover()).toEqual({ graph: graph('mine'), revision: 3 });
  expect(await keeperIn(store, 'one', 0, 'other').recover()).toBeUndefined();
  keeper.forget();
  expect(await keeper.recover()).toBeUndefined();
});

test('Consecutive changes are written once, and not at all if the server was faster', () => {
  const store = memoryStorage();
  const keeper = keeperIn(store, 'one');
  for (const name of ['a', 'ab', 'abc']) keeper.keep(graph(name), 1);
  expect(store.writes).toBe(0);
  keeper.pass();
  expect(store.writes).toBe(1);
  expect(store.items.get('switchyard:draft:wf:one')).toMatchObject({ graph: graph('abc') });
  keeper.keep(graph('abcd'), 1);
  keeper.forget();
  keeper.pass();
  expect(store.writes).toBe(1);
  expect(store.items.size).toBe(0);
});

test('Closing the page writes pending changes', () => {
  const store = memoryStorage();
  const keeper = keeperIn(store, 'one');
  keeper.keep(graph('last words'), 1);
  keeper.flush();
  expect(store.items.get('switchyard:draft:wf:one')).toMatchObject({ graph: graph('last words') });
});

test('Two tabs don’t overwrite each other', async () => {
  const store = memoryStorage();
  for (const tab of ['one', 'two']) {
    const keeper = keeperIn(store, tab);
    keeper.keep(graph(tab), 1);
    keeper.flush();
  }
  expect((await keeperIn(store, 'one').recover())?.graph.vars?.name).toBe('one');
});

test('A new tab takes over the newest draft of a closed one', async () => {
  const store = memoryStorage();
  for (const [tab, at] of [
    ['one', 10],
    ['two', 20],
  ] as const) {
    const keeper = keeperIn(store, tab, at);
    keeper.keep(graph(tab), at);
    keeper.flush();
  }
  const fresh = keeperIn(store, 'three');
  expect(await fresh.recover()).toEqual({ graph: graph('two'), revision: 20 });
  fresh.forget();
  expect([...store.items.keys()]).toEqual(['switchyard:draft:wf:one']);
});

test('An unreadable draft does no harm', async () => {
  const store = memoryStorage();
  store.items.set('switchyard:draft:wf:one', { graph: 'no graph' });
  expect(await keeperIn(store, 'one').recover()).toBeUndefined();
});

test('A tab keeps its name across a reload', () => {
  const items = new Map<string, string>();
  const store = { getItem: (key: string) => items.get(key) ?? null, setItem: (key: string, value: string) => void items.set(key, value) };
  expect(tabId(store, () => 'a')).toBe('a');
  expect(tabId(store, () => 'b')).toBe('a');
});
