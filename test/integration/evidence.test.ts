import { verifyAudit } from '@switchyard/server/services/evidence/chain/verify-audit.ts';
import { removeJournal } from '@switchyard/server/services/retention/remove-payloads.ts';
import { DEFAULT_WORKSPACE, type RunRecord, runs } from '@switchyard/server/store/collections.ts';
import type { JournalRow, WorkspaceStore } from '@switchyard/server/store/port.ts';
import { changes } from '@switchyard/server/store/registry-collections.ts';
import { listChanges } from '@switchyard/shared/contracts/changes.ts';
import {
  type Evidence,
  getRunEvidence,
  listEvidenceKeys,
  rotateEvidenceKey,
  type Verification,
  verifyEvidence,
} from '@switchyard/shared/contracts/insight/evidence.ts';
import { createErasure, putPolicies } from '@switchyard/shared/contracts/policies.ts';
import { decideReview, listReviews } from '@switchyard/shared/contracts/reviews.ts';
import { startRun } from '@switchyard/shared/contracts/runs.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { describe, expect, test } from 'vitest';
import { echoGraph, reviewGraph } from '../kit/graph.ts';
import { ended, whenRun, workflowOf } from '../kit/runs.ts';
import { startTestServer, type TestServer, temporaryDir } from '../kit/server.ts';
import { openSealingStoreOf, openStoreOf } from '../kit/store.ts';

const SECRET = 'the planted payload';

const evidenceOf = (server: TestServer, id: string): Promise<Evidence> => server.call(getRunEvidence, { params: { id } });
const verify = (server: TestServer, evidence: Evidence): Promise<Verification> => server.call(verifyEvidence, { body: { ...evidence } });
const verdictOf = async (server: TestServer, id: string): Promise<string> => (await verify(server, await evidenceOf(server, id))).verdict;

async function runOf(server: TestServer, graph: Graph, labels: Record<string, string> = {}): Promise<string> {
  const workflowId = await workflowOf(server, graph);
  return (await server.call(startRun, { params: { id: workflowId }, body: { input: { message: SECRET }, labels } })).id;
}

test('gives an ended run as valid evidence, and finds a change to it', async () => {
  await using server = await startTestServer();
  const id = await runOf(server, echoGraph());
  await ended(server, id);
  const evidence = await evidenceOf(server, id);
  expect(await verify(server, evidence)).toEqual({ verdict: 'valid', problems: [] });
  const text = JSON.stringify(evidence);
  expect(text).toContain(SECRET);
  expect((await verify(server, JSON.parse(text.replaceAll(SECRET, 'another payload')))).verdict).toBe('invalid');
});

test('tells that a run had not ended, and vouches for it once it has', async () => {
  await using server = await startTestServer();
  const id = await runOf(server, reviewGraph());
  await whenRun(server, id, 'waiting', ({ status }) => status === 'waiting');
  const open = await evidenceOf(server, id);
  expect(await verify(server, open)).toMatchObject({ verdict: 'incomplete', problems: [{ code: 'open' }] });
  const [review] = (await server.call(listReviews, { query: {} })).items;
  await server.call(decideReview, { params: { id: review?.id ?? '' }, body: { decision: 'approve', values: { text: 'changed' } } });
  await ended(server, id);
  expect(await verdictOf(server, id)).toBe('valid');
  expect((await verify(server, open)).verdict).toBe('incomplete');
});

test('names what an erasure removed, and still finds changes to what remains', async () => {
  await using server = await startTestServer();
  const id = await runOf(server, echoGraph(), { customer: 'jane' });
  await ended(server, id);
  const before = await evidenceOf(server, id);
  await server.call(createErasure, { body: { label: 'customer', value: 'jane' } });
  const evidence = await evidenceOf(server, id);
  expect(JSON.stringify(evidence)).not.toContain(SECRET);
  expect(evidence.salt).toBeNull();
  expect(evidence.head).toEqual(before.head);
  const { verdict, problems } = await verify(server, evidence);
  expect(verdict).toBe('incomplete');
  expect(problems).toContainEqual({ code: 'removed', where: 'input', message: 'The run’s input was removed.' });
  expect(problems).toContainEqual(expect.objectContaining({ code: 'removed', message: 'The payload of step-finished of reply#1 was removed.' }));
  const text = JSON.stringify(evidence);
  for (const [from, to] of [
    [/"bytes":\d+/, '"bytes":1'],
    ['"nodeKey":"reply"', '"nodeKey":"other"'],
    ['"commitment":"', '"commitment":"0'],
  ] as const)
    expect((await verify(server, JSON.parse(text.replace(from, to)))).verdict).toBe('invalid');
});

test.each(['redacted', 'metadata'] as const)('keeps commitments of a run with logging %s, but no payload', async (logging) => {
  await using server = await startTestServer();
  const workflowId = await workflowOf(server, reviewGraph());
  await server.call(putPolicies, { params: { id: workflowId }, body: { redaction: [], logging, keep: ['text'] } });
  const { id } = await server.call(startRun, { params: { id: workflowId }, body: { input: { message: SECRET } } });
  await whenRun(server, id, 'waiting', ({ status }) => status === 'waiting');
  const open = await evidenceOf(server, id);
  expect(JSON.stringify(open).includes(SECRET)).toBe(logging === 'redacted');
  const [review] = (await server.call(listReviews, { query: {} })).items;
  await server.call(decideReview, { params: { id: review?.id ?? '' }, body: { decision: 'approve' } });
  await ended(server, id);
  await expect.poll(async () => (await evidenceOf(server, id)).salt).toBeNull();
  await expect.poll(async () => JSON.stringify((await evidenceOf(server, id)).input)).not.toContain(SECRET);
  const evidence = await evidenceOf(server, id);
  const { verdict, problems } = await verify(server, evidence);
  expect({ verdict, codes: new Set(problems.map(({ code }) => code)) }).toEqual({ verdict: 'incomplete', codes: new Set(['removed']) });
  // The chain is the one that the run had when its payloads were there.
  const before = open.journal?.map(({ hash }) => hash) ?? [];
  expect(evidence.journal?.slice(0, before.length).map(({ hash }) => hash)).toEqual(before);
});

describe('a change in the database', () => {
  const twisted: Readonly<Record<string, (rows: readonly JournalRow[]) => readonly JournalRow[]>> = {
    'of a payload': (rows) => rows.map((row) => ({ ...row, events: JSON.parse(JSON.stringify(row.events).replaceAll(SECRET, 'forged')) })),
    'of a row’s epoch': ([first, ...rest]) => (first ? [{ ...first, epoch: 7 }, ...rest] : []),
    'that removes a row': (rows) => rows.toSpliced(1, 1),
    'that cuts the end': (rows) => rows.slice(0, -1),
    'that strips the seals': (rows) => rows.map(({ seal: _, ...row }) => row),
  };

  async function change(dataDir: string, id: string, how: (here: WorkspaceStore, run: RunRecord) => Promise<void>): Promise<void> {
    const store = await openStoreOf(dataDir);
    const here = store.in(DEFAULT_WORKSPACE);
    const run = await here.get(runs, id);
    if (run) await how(here, run);
    await store.close();
  }

  test('makes the run invalid, also after its payloads are removed', async () => {
    await using folder = await temporaryDir();
    const ids: Record<string, string> = {};
    {
      await using server = await startTestServer({ dataDir: folder.path });
      for (const name of [...Object.keys(twisted), 'input', 'salt']) {
        const id = await runOf(server, reviewGraph(), { customer: 'jane' });
        await whenRun(server, id, 'waiting', ({ status }) => status === 'waiting');
        const [review] = (await server.call(listReviews, { query: { status: 'open' } })).items;
        await server.call(decideReview, { params: { id: review?.id ?? '' }, body: { decision: 'approve' } });
        await ended(server, id);
        ids[name] = id;
      }
    }
    for (const [name, twist] of Object.entries(twisted)) {
      await change(folder.path, ids[name] ?? '', async (here, { id }) => {
        const rows = await here.readJournal(id);
        expect(rows.length).toBeGreaterThan(2);
        await here.deleteJournal(id);
        for (const row of twist(rows)) await here.append(row);
      });
    }
    await change(folder.path, ids.input ?? '', async (here, { id, triggerData }) => {
      await here.update(runs, id, { triggerData: { ...triggerData, body: { message: 'forged' } } });
    });
    await change(folder.path, ids.salt ?? '', async (here, { id }) => void (await here.update(runs, id, { salt: undefined })));
    await using server = await startTestServer({ dataDir: folder.path });
    const verdicts = async () => Promise.all(Object.values(ids).map((id) => verdictOf(server, id)));
    expect(new Set(await verdicts())).toEqual(new Set(['invalid']));
    await server.call(createErasure, { body: { label: 'customer', value: 'jane' } });
    expect(new Set(await verdicts())).toEqual(new Set(['invalid']));
  });

  test('is found after the journal was removed, and no change is incomplete', async () => {
    await using folder = await temporaryDir();
    const ids: string[] = [];
    {
      await using server = await startTestServer({ dataDir: folder.path });
      for (let count = 0; count < 2; count++) ids.push(await runOf(server, echoGraph()));
      for (const id of ids) await ended(server, id);
    }
    const { store, secrets } = await openSealingStoreOf(folder.path);
    const here = store.in(DEFAULT_WORKSPACE);
    for (const id of ids) {
      const run = await here.get(runs, id);
      if (run) await removeJournal({ store: here, secrets }, run, new Date());
    }
    const evidence = (await here.get(runs, ids[0] ?? ''))?.evidence;
    if (evidence) await here.update(runs, ids[0] ?? '', { evidence: { ...evidence, end: { seq: 3, hash: 'ab'.repeat(32) } } });
    await store.close();
    await using server = await startTestServer({ dataDir: folder.path });
    expect(await verdictOf(server, ids[0] ?? '')).toBe('invalid');
    expect(await verify(server, await evidenceOf(server, ids[1] ?? ''))).toMatchObject({ verdict: 'incomplete' });
  });
});

test('exports the audit trail as a chain in which changes are found, with erasures', async () => {
  await using folder = await temporaryDir();
  const exported = async (server: TestServer): Promise<string> => (await server.send('GET', '/api/audit/export')).text;
  let trust = {};
  {
    await using server = await startTestServer({ dataDir: folder.path });
    trust = { publicKeys: (await server.call(listEvidenceKeys, {})).items.map(({ publicKey }) => publicKey) };
    expect(verifyAudit(await exported(server), trust).verdict).toBe('valid');
    const workflowId = await workflowOf(server, echoGraph());
    for (const days of [30, 60, 90]) {
      const retention = { payloadDays: days, journalDays: 400, summaryDays: null };
      await server.call(putPolicies, { params: { id: workflowId }, body: { redaction: [], logging: 'full', retention, reason: `keep ${days}` } });
    }
    await server.call(createErasure, { body: { label: 'customer', value: 'jane', reason: 'asked by mail' } });
    const text = await exported(server);
    expect(verifyAudit(text, trust)).toEqual({ verdict: 'valid', problems: [] });
    expect((await server.call(listChanges, { query: { subject: 'erasure' } })).items).toMatchObject([{ reason: 'asked by mail', applied: true }]);
    expect(text).not.toContain('jane');
    const lines = text.trimEnd().split('\n');
    const changed = [
      text.replace('keep 60', 'keep 61'),
      text.replace('"applied":true', '"applied":false'),
      lines.toSpliced(1, 1).join('\n'),
      lines.slice(0, -1).join('\n'),
    ];
    for (const one of changed) expect(verifyAudit(one, trust).verdict).toBe('invalid');
  }
  const store = await openStoreOf(folder.path);
  const here = store.in(DEFAULT_WORKSPACE);
  const [entry] = (await here.find(changes, { where: { subjectKind: 'policy' }, limit: 1 })).items;
  await here.update(changes, entry?.id ?? '', { reason: 'forged' });
  await store.close();
  await using server = await startTestServer({ dataDir: folder.path });
  expect(verifyAudit(await exported(server), trust)).toMatchObject({ verdict: 'invalid' });
});

test('calls runs of earlier versions no chain', async () => {
  await using folder = await temporaryDir();
  let id = '';
  {
    await using server = await startTestServer({ dataDir: folder.path });
    id = await runOf(server, echoGraph());
    await ended(server, id);
  }
  const store = await openStoreOf(folder.path);
  const here = store.in(DEFAULT_WORKSPACE);
  const rows = await here.readJournal(id);
  await here.update(runs, id, { salt: undefined, createdAt: '2026-01-01T00:00:00.000Z' });
  await here.deleteJournal(id);
  for (const { seal: _, ...row } of rows) await here.append(row);
  await store.close();
  await using server = await startTestServer({ dataDir: folder.path });
  expect(await verdictOf(server, id)).toBe('no-chain');
});

test('keeps evidence valid when the key is replaced, and records that', async () => {
  await using server = await startTestServer();
  const id = await runOf(server, echoGraph());
  await ended(server, id);
  const before = await evidenceOf(server, id);
  const next = await server.call(rotateEvidenceKey, { body: { reason: 'yearly' } });
  expect(next).toMatchObject({ number: 2, previous: before.keys[0]?.publicKey });
  expect((await server.call(listEvidenceKeys, {})).items.map(({ number }) => number)).toEqual([1, 2]);
  expect((await verify(server, before)).verdict).toBe('valid');
  const after = await evidenceOf(server, id);
  expect(after.signature?.key).toBe(2);
  expect((await verify(server, after)).verdict).toBe('valid');
  expect((await verify(server, { ...after, keys: after.keys.map((key) => ({ ...key, createdAt: '2020-01-01T00:00:00.000Z' })) })).verdict).toBe('invalid');
  const { items } = await server.call(listChanges, { query: { subject: 'signing-key' } });
  expect(items).toMatchObject([{ action: 'rotate', reason: 'yearly', applied: true }]);
});
