import { contextFor, type Installation, type ServiceContext } from '@switchyard/server/services/context.ts';
import { createDataset, deleteDataset } from '@switchyard/server/services/datasets/datasets.ts';
import { freezeItems, readItemVersion } from '@switchyard/server/services/datasets/frozen-items.ts';
import { addItem, deleteItem, updateItem } from '@switchyard/server/services/datasets/items.ts';
import { removeItemsOfRun } from '@switchyard/server/services/datasets/removed-items.ts';
import { tidyDatasets } from '@switchyard/server/services/datasets/tidy-datasets.ts';
import { DEFAULT_WORKSPACE } from '@switchyard/server/store/collections.ts';
import type { Store } from '@switchyard/server/store/port.ts';
import { expect, it } from 'vitest';
import { onBothStores } from '../kit/both-stores.ts';

/** Only what datasets need of an installation. */
const contextOn = (stores: Store): ServiceContext =>
  contextFor({ stores, now: () => new Date() } as unknown as Installation, {
    kind: 'user',
    id: 'u',
    workspaceId: DEFAULT_WORKSPACE,
    role: new Set(),
    name: 'Ada',
  });

const ofRun = (runId: string) => ({ source: { kind: 'run', runId, workflowId: 'wf', correctionId: null, name: null }, sourceKey: `run:${runId}` }) as const;
const later = (): Date => new Date(Date.now() + 2 * 86_400_000);
const never = new AbortController().signal;

onBothStores('items of datasets', (open) => {
  it('are frozen in their versions, and stay readable after edits and deletions', async () => {
    await using opened = await open();
    const context = contextOn(opened.store);
    const { id } = await createDataset(context, { name: 'Golden' });
    const [one, two] = [await addItem(context, id, { input: 1, tags: ['a'] }), await addItem(context, id, { input: 2, expected: { $odd: [null] }, tags: [] })];
    const { dataset, itemVersions } = await freezeItems(context, id);
    // Items of the same millisecond are in any order.
    expect([dataset, itemVersions.toSorted()]).toEqual([{ id, name: 'Golden' }, [`${one.id}:1`, `${two.id}:1`].toSorted()]);
    expect((await freezeItems(context, id, { tag: 'a' })).itemVersions).toEqual([`${one.id}:1`]);
    await updateItem(context, id, one.id, { input: 'changed' });
    await deleteItem(context, id, one.id);
    await deleteDataset(context, id);
    await tidyDatasets(context.store, later(), never);
    expect(await readItemVersion(context.store, `${one.id}:1`)).toEqual(one);
    expect(await readItemVersion(context.store, `${one.id}:2`)).toMatchObject({ input: 'changed' });
    expect(await readItemVersion(context.store, `${two.id}:1`)).toEqual(two);
  });

  it('are deleted for good after a day if no experiment used them', async () => {
    await using opened = await open();
    const context = contextOn(opened.store);
    const { id } = await createDataset(context, { name: 'Unused' });
    const { id: item } = await addItem(context, id, { input: 1, tags: [] });
    await updateItem(context, id, item, { input: 2 });
    await deleteItem(context, id, item);
    await tidyDatasets(context.store, new Date(), never);
    expect(await readItemVersion(context.store, `${item}:1`)).toMatchObject({ input: 1 });
    await tidyDatasets(context.store, later(), never);
    for (const version of [1, 2]) await expect(readItemVersion(context.store, `${item}:${version}`)).rejects.toThrow('no longer exists');
  });

  it('lose their values in all versions with the data of their run, unless a person keeps them', async () => {
    await using opened = await open();
    const context = contextOn(opened.store);
    const { id } = await createDataset(context, { name: 'Removed' });
    const gone = await addItem(context, id, { input: { message: 'secret' }, expected: 'secret', tags: [] }, ofRun('run_1'));
    await updateItem(context, id, gone.id, { expected: 'other' });
    const kept = await addItem(context, id, { input: 'kept', tags: [] }, ofRun('run_2'));
    await updateItem(context, id, kept.id, { keep: { consent: 'Ada agreed' } });
    for (const run of ['run_1', 'run_2']) await removeItemsOfRun(context.store, run, new Date().toISOString());
    for (const version of [1, 2])
      expect(await readItemVersion(context.store, `${gone.id}:${version}`)).toMatchObject({
        input: { $removed: { type: 'object' } },
        removedAt: expect.any(String),
      });
    for (const version of [1, 2]) expect(await readItemVersion(context.store, `${kept.id}:${version}`)).toMatchObject({ input: 'kept', removedAt: null });
    expect((await freezeItems(context, id)).itemVersions).toEqual([`${kept.id}:2`]);
    await expect(addItem(context, id, { input: 1, tags: [] }, ofRun('run_1'))).rejects.toMatchObject({ code: 'already-exists' });
  });
});
