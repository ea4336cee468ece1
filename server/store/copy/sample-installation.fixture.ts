import { createHash } from 'node:crypto';
import { allCollections, DEFAULT_WORKSPACE, graphs, reviews, runs, settings, signals, versions, webhooks, workflows } from '../collections.ts';
import { journalRow } from '../contract/things.fixture.ts';
import { blobs } from '../pieces/piece-collections.ts';
import type { Collection, Store, StoredRecord } from '../port.ts';

/** How many workflows it has: more than a copy reads at once. */
export const SAMPLE_SIZE = 60;

/** Values that only a careful store keeps: special keys, all scripts, a lone surrogate, a large text. */
const NASTY = JSON.parse('{"a.b":1,"$set":{"$where":"x"},"__proto__":{"polluted":true},"":null,"text":"Grüße 你好 🎉 \\u0000 \\ud800"}') as unknown;

/** Fills a store with records of many kinds, and journals. Their content matters only to the store. */
export const fillSample = async (store: Store): Promise<void> => {
  const here = store.in(DEFAULT_WORKSPACE);
  const put = (collection: { readonly name: string }, record: object): Promise<void> =>
    here.insert(
      allCollections.find((known) => known.name === collection.name) as Collection,
      { workspaceId: DEFAULT_WORKSPACE, ...record } as unknown as StoredRecord,
    );
  await put(settings, { id: 'keyId', value: { id: 'abc' } });
  for (let number = 0; number < SAMPLE_SIZE; number++) {
    const id = createHash('sha256').update(String(number)).digest('hex').slice(0, 12);
    await Promise.all([
      put(workflows, { id, slug: `flow-${number}`, name: `Flow ${number}`, draft: { nodes: [NASTY] }, draftRevision: number, deletedAt: null }),
      put(versions, { id: `${id}:1`, workflowId: id, number: 1, graphHash: id }),
      put(graphs, { id, graph: NASTY }),
      put(webhooks, { id, liveToken: `live ${id}`, testToken: `test ${id}`, methods: [] }),
      put(runs, {
        id: `run ${id}`,
        statusToken: id,
        status: 'succeeded',
        seq: 4,
        idempotencyKey: number % 2 ? id : null,
        output: NASTY,
      }),
      put(signals, { id: `run ${id}:1`, runId: `run ${id}`, moved: 1, at: '2026-01-01', value: NASTY }),
      put(reviews, { id: `run ${id}:review`, runId: `run ${id}`, status: 'open', assignee: null, createdAt: '2026-01-01' }),
      here.append(journalRow(`run ${id}`, 1, 3)),
      here.append(journalRow(`run ${id}`, 4, 1, 2)),
    ]);
  }
  await put(blobs, { id: 'hash:0', hash: 'hash', number: 0, pieces: 1, data: 'ä'.repeat(500_000) });
  await Promise.all(
    Array.from({ length: 250 }, (_, index) => here.append(journalRow(`run ${createHash('sha256').update('0').digest('hex').slice(0, 12)}`, 5 + index))),
  );
};
