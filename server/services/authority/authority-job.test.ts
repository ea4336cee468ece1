import { expect, it } from 'vitest';
import { endingAfter, onBothStores } from '../../../test/kit/both-stores.ts';
import { graphOf, node } from '../../../test/kit/graph.ts';
import { alertSettings } from '../../store/alert-collections.ts';
import { graphs, versions, workflows } from '../../store/collections.ts';
import { type AuthorityLabelRecord, authorities, authorityLabels } from '../../store/evaluation/authority-collections.ts';
import type { Collection, Store, StoredRecord, WorkspaceStore } from '../../store/port.ts';
import { changes } from '../../store/registry-collections.ts';
import type { Notice } from '../alerts/alert-message.ts';
import { createAuthorityJob } from './authority-job.ts';

const AT = '2026-06-30T12:00:00.000Z';
const put = <T extends StoredRecord>(store: WorkspaceStore, collection: Collection<T>, record: object): Promise<void> =>
  store.insert(collection, { workspaceId: 'here', ...record } as T);

async function sceneIn(stores: Store, authority: object) {
  const store = stores.in('here');
  const graph = graphOf([node('human-review', 'check', { title: 'Check', authority })], []);
  await put(store, workflows, { id: 'wfl', slug: 'wfl', name: 'Refunds', updatedAt: '', deletedAt: null, release: [{ version: 1, weight: 100 }] });
  await put(store, versions, { id: 'wfl:1', workflowId: 'wfl', number: 1, graphHash: 'hash', createdAt: AT });
  await put(store, graphs, { id: 'hash', graph, createdAt: AT });
  const sent: Notice[] = [];
  const scene = { error: null as string | null, clock: Date.parse(AT) };
  let number = 0;
  const job = (over = stores) =>
    createAuthorityJob({
      stores: over,
      workspaces: async () => ['here'],
      lease: { hold: async () => true, release: async () => {} },
      now: () => new Date(scene.clock),
      address: 'https://flow.example.com',
      sender: {
        deliver: async (_, __, notice) => {
          sent.push(notice);
          return scene.error;
        },
      },
      report: () => {},
    });
  const label = (group: string, wrong: boolean, more: Partial<AuthorityLabelRecord> = {}) => {
    const id = `label_${String(number++).padStart(4, '0')}`;
    const said = { reviewId: id, probability: 1, confidence: null, rejected: false, fields: [], late: false, at: AT, pendingAt: `${AT} ${id}` };
    return put(store, authorityLabels, { id, workflowId: 'wfl', nodeId: 'wfl:check', runId: `run_${id}`, group, wrong, ...said, ...more });
  };
  const groupOf = async (name: string) => (await store.get(authorities, 'wfl:check'))?.groups.find((group) => group.name === name);
  return { store, job, label, groupOf, sent, scene };
}

onBothStores('counting reviews', (open) => {
  it('counts each once, whichever process counts, and whenever one ends', async () => {
    await using home = await open();
    const { store, job, label, groupOf } = await sceneIn(home.store, { target: 5 });
    for (let count = 0; count < 130; count++) await label('billing', false);
    for (const changed of [1, 40, 200]) {
      const ending = { ...home.store, in: (id: string) => endingAfter(changed, home.store.in(id)) };
      await job(ending).work();
    }
    await Promise.all([job().work(), job().work()]);
    await job().work();
    expect(await groupOf('billing')).toMatchObject({ state: { evidence: { labels: 130, wrong: 0 }, proposal: { labels: 120, wrong: 0 } }, isSet: false });
    expect((await store.find(authorityLabels, { range: { field: 'pendingAt', from: '' } })).items).toEqual([]);
  });

  it('takes a sampled group back to full review when its errors rise, once, with figures in the audit trail and a message that is sent again', async () => {
    await using home = await open();
    const { store, job, label, groupOf, sent, scene } = await sceneIn(home.store, { mode: 'sample', percent: 40, target: 5, locked: ['refund'] });
    const channel = { kind: 'email', to: 'ada@example.com' };
    await put(store, alertSettings, { id: 'wfl', enabled: true, channel, sealedSecret: '', lastDelivery: null, revision: 1 });
    scene.error = 'No response';
    for (let count = 0; count < 30; count++) {
      await label('billing', count > 10, { probability: 0.4 });
      await label('refund', count > 10);
    }
    await Promise.all([job().work(), job().work()]);
    await job().work();
    const group = await groupOf('billing');
    expect(group).toMatchObject({ isSet: true, state: { share: 100 }, drift: { from: 40, to: 100, group: 'billing' } });
    expect(await groupOf('refund')).toMatchObject({ state: { share: 100, proposal: null }, drift: null });
    const audit = (await store.find(changes, { where: { subject: 'authority:wfl:check' } })).items.filter(({ applied }) => applied);
    expect(audit).toMatchObject([{ action: 'narrow', before: { group: 'billing', share: 40 }, after: { share: 100, wrong: group?.drift?.wrong } }]);
    expect(sent).toHaveLength(1);
    scene.error = null;
    scene.clock += 60_000;
    await job().work();
    scene.clock += 86_400_000;
    await job().work();
    expect(sent).toHaveLength(2);
    expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
    expect(sent[0]?.event).toMatchObject({ type: 'review.narrowed', data: { group: 'billing', from: 40, to: 100, wrong: group?.drift?.wrong } });
  });
});
