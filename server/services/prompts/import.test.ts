import { PROMPTS_FORMAT } from '@switchyard/shared/sharing/prompt-file.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Store, WorkspaceStore } from '../../store/port.ts';
import { prompts, promptVersions } from '../../store/registry-collections.ts';
import { makeSqliteHome } from '../../store/sqlite/sqlite-home.fixture.ts';
import { openSqliteStore } from '../../store/sqlite/sqlite-store.ts';
import type { ServiceContext } from '../context.ts';
import { placePrompts } from './included-prompts.ts';
import { importPrompts } from './prompt-file.ts';
import { promptGroups } from './prompt-groups.ts';

const HERE = 'default';
let home: Awaited<ReturnType<typeof makeSqliteHome>>;
let stores: Store;
beforeEach(async () => {
  home = await makeSqliteHome();
  stores = openSqliteStore({ file: home.file });
});
afterEach(async () => {
  await stores.close();
  await home[Symbol.asyncDispose]();
});

const NOW = new Date('2026-03-01T12:00:00.000Z');

/** A caller’s context, how many turns of the event loop had writes, and how often pages were notified. */
function importing() {
  const counts = { turns: 0, notified: 0 };
  let isCounted = false;
  const counted = <T>(write: T): T => {
    if (!isCounted) {
      counts.turns++;
      isCounted = true;
      setImmediate(() => {
        isCounted = false;
      });
    }
    return write;
  };
  const store = stores.in(HERE);
  const counting: WorkspaceStore = {
    ...store,
    insert: (...given) => counted(store.insert(...given)),
    update: (...given) => counted(store.update(...given)),
  };
  const context = {
    stores: { ...stores, in: () => counting },
    store: counting,
    workspaceId: HERE,
    caller: { kind: 'user', id: 'ada', workspaceId: HERE },
    now: () => NOW,
    changed: { prompts: () => void counts.notified++ },
  };
  return { context: context as unknown as ServiceContext, counts };
}

const says = (name: string, text: string) => ({ name, messages: [{ role: 'user' as const, content: text }], variables: { type: 'object' }, variants: [] });
const fileOf = (count: number, text: string) => ({
  format: PROMPTS_FORMAT,
  prompts: Array.from({ length: count }, (_, number) => ({ ...says(`p${number}`, text), labels: ['production'] })),
});
const found = async () => (await stores.in(HERE).find(prompts, { limit: 1_000 })).items;

test('an import adds many prompts in few commits, and notifies pages once', async () => {
  const { context, counts } = importing();
  expect((await importPrompts(context, fileOf(300, 'one'))).created).toHaveLength(300);
  expect(await importPrompts(context, fileOf(300, 'two'))).toMatchObject({ created: [], unchanged: [], updated: { length: 300, 0: 'p0', 299: 'p299' } });
  expect((await found()).every(({ latestVersion }) => latestVersion === 2)).toBe(true);
  expect(counts.notified).toBe(2);
  // One after the other, these are 2,400 writes. The 600 changes are a chain, so each is recorded after the one before.
  expect(counts.turns).toBeLessThan(600 + 240);
});

test('prompts of a workflow file are added in few commits, and keep their names and order', async () => {
  const { context, counts } = importing();
  await importPrompts(context, { format: PROMPTS_FORMAT, prompts: [{ ...says('p1', 'other'), labels: [] }] });
  counts.turns = 0;
  const groups = await promptGroups(Array.from({ length: 300 }, (_, number) => ({ ...says(`p${number}`, 'one'), label: 'production' })));
  const { refs, notes } = await placePrompts(context, groups, 'Imported');
  expect(notes).toEqual(['Prompt “p1” has different content here. The imported one is now “p1-2”.']);
  expect([...refs].slice(0, 3)).toEqual([
    ['p0@production', { name: 'p0', label: 'production' }],
    ['p1@production', { name: 'p1-2', label: 'production' }],
    ['p2@production', { name: 'p2', label: 'production' }],
  ]);
  expect(counts.turns).toBeLessThan(300 + 120);
});

test('a numbered name never takes the name of another prompt in the file', async () => {
  const { context } = importing();
  await importPrompts(context, { format: PROMPTS_FORMAT, prompts: [{ ...says('p', 'other'), labels: [] }] });
  const { refs } = await placePrompts(context, await promptGroups([says('p', 'one'), says('p-2', 'two')].map((one) => ({ ...one, version: 1 }))), 'Imported');
  expect([...refs.values()]).toEqual([
    { name: 'p-3', version: 1 },
    { name: 'p-2', version: 1 },
  ]);
});

test.for([0, 1])('imports of the same file at once add its content once, to %i prompts that exist', async (existing) => {
  const { context } = importing();
  if (existing > 0) await importPrompts(context, fileOf(existing, 'one'));
  const results = await Promise.all([1, 2, 3].map(() => importPrompts(context, fileOf(1, 'two'))));
  expect(results.flatMap(({ notes }) => notes)).toHaveLength(existing * 3);
  const [prompt] = await found();
  expect(prompt?.latestVersion).toBe(existing + 1);
  const versions = await stores.in(HERE).find(promptVersions, { where: { promptId: prompt?.id ?? '' } });
  expect(versions.items.map(({ number }) => number)).toEqual(existing === 0 ? [1] : [1, 2]);
});
