import { emptyGraph } from '@switchyard/shared/graph/graph.ts';
import { expect, test } from 'vitest';
import { type DraftShelf, draftKeeper, tabId } from './kept-draft.ts';

function shelf(): DraftShelf & { readonly items: Map<string, string> } {
  const items = new Map<string, string>();
  return {
    items,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
    key: (index) => [...items.keys()][index] ?? null,
    get length() {
      return items.size;
    },
  };
}
const graph = (name: string) => ({ ...emptyGraph(), vars: { name } });

test('A draft is found again by the tab that kept it, until it is forgotten', () => {
  const store = shelf();
  const keeper = draftKeeper(store, 'wf', 'one');
  keeper.keep(graph('mine'), 3);
  expect(draftKeeper(store, 'wf', 'one').recover()).toEqual({ graph: graph('mine'), revision: 3 });
  expect(draftKeeper(store, 'other', 'one').recover()).toBeUndefined();
  keeper.forget();
  expect(keeper.recover()).toBeUndefined();
});

test('Two tabs do not write over each other', () => {
  const store = shelf();
  draftKeeper(store, 'wf', 'one').keep(graph('one'), 1);
  draftKeeper(store, 'wf', 'two').keep(graph('two'), 1);
  expect(draftKeeper(store, 'wf', 'one').recover()?.graph.vars?.name).toBe('one');
});

test('A new tab takes over the newest draft of one that is gone', () => {
  const store = shelf();
  draftKeeper(store, 'wf', 'one', () => 10).keep(graph('old'), 1);
  draftKeeper(store, 'wf', 'two', () => 20).keep(graph('new'), 2);
  const fresh = draftKeeper(store, 'wf', 'three');
  expect(fresh.recover()).toEqual({ graph: graph('new'), revision: 2 });
  fresh.forget();
  expect([...store.items.keys()].filter((key) => key.endsWith(':two'))).toEqual([]);
});

test('What cannot be read, or kept, does no harm', () => {
  const store = shelf();
  store.items.set('switchyard:draft:wf:one', '{"graph":');
  expect(draftKeeper(store, 'wf', 'one').recover()).toBeUndefined();
  const full: DraftShelf = {
    ...store,
    setItem: () => {
      throw new Error('QuotaExceededError');
    },
  };
  expect(() => draftKeeper(full, 'wf', 'one').keep(graph('x'), 1)).not.toThrow();
});

test('A tab keeps its name over a reload', () => {
  const store = shelf();
  expect(tabId(store, () => 'a')).toBe('a');
  expect(tabId(store, () => 'b')).toBe('a');
});
