import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { reviews, runs, signals, webhooks, workflows } from '../collections.ts';
import { encodeCursor } from '../cursor.ts';
import { blobs } from '../pieces/piece-collections.ts';
import type { Collection, Query, StoredRecord } from '../port.ts';
import { findStatement } from './find-statement.ts';
import { alignColumns, alignIndexes } from './layout.ts';
import { tableOf } from './table.ts';

/** SQLite's plan for a query, in an empty database without statistics. */
const planOf = <T extends StoredRecord>(collection: Collection<T>, query: Query): string => {
  const database = new DatabaseSync(':memory:');
  const table = tableOf(collection);
  alignColumns(database, [table]);
  alignIndexes(database, [table]);
  const { sql, values } = findStatement(table, 'here', query, 50);
  const steps = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values);
  database.close();
  return steps.map((step) => String(step.detail)).join('\n');
};

const newest = { field: 'createdAt', descending: true };
const cursor = encodeCursor({ value: '2026-01-01T00:00:00.000Z', id: 'x' });

describe('a statement that finds records', () => {
  it.each<[string, string, RegExp]>([
    ['all runs after a position', planOf(runs, { order: newest, cursor }), /runs__created \(workspace_id=\? AND f_createdAt<\?\)/],
    ['the runs of a workflow', planOf(runs, { where: { workflowId: 'a' }, order: newest }), /runs__by_workflow \(workspace_id=\? AND f_workflowId=\?\)/],
    [
      'the runs of a workflow after a position',
      planOf(runs, { where: { workflowId: 'a' }, order: newest, cursor }),
      /runs__by_workflow \(workspace_id=\? AND f_workflowId=\? AND f_createdAt<\?\)/,
    ],
    ['unfinished runs', planOf(runs, { where: { status: ['queued', 'running'] } }), /runs__by_status \(workspace_id=\? AND f_status=\?\)/],
    [
      'unfinished runs in order',
      planOf(runs, { where: { status: ['queued', 'running'] }, order: newest }),
      /runs__by_status \(workspace_id=\? AND f_status=\?\)/,
    ],
    [
      'runs that wait for a time',
      planOf(runs, { range: { field: 'wakeAt', from: '' }, order: { field: 'wakeAt' } }),
      /runs__wake \(workspace_id=\? AND f_wakeAt>\?\)/,
    ],
    ['the run of an idempotency key', planOf(runs, { where: { idempotencyKey: 'a' } }), /runs__idempotency \(workspace_id=\? AND f_idempotencyKey=\?\)/],
    ['the run of a status URL', planOf(runs, { where: { statusToken: 'a' } }), /runs__status_token/],
    ['the signals of a run', planOf(signals, { where: { runId: 'a', moved: 0 } }), /signals__by_run \(workspace_id=\? AND f_runId=\? AND f_moved=\?\)/],
    ['unmoved signals', planOf(signals, { where: { moved: 0 }, order: { field: 'at' } }), /signals__unmoved/],
    ['open reviews', planOf(reviews, { where: { status: 'open' }, order: newest }), /reviews__by_status/],
    ['the webhook of a token', planOf(webhooks, { where: { liveToken: 'a' } }), /webhooks__live/],
    ['workflows by last change', planOf(workflows, { order: { field: 'updatedAt', descending: true } }), /workflows__updated/],
    ['the pieces of a blob', planOf(blobs, { where: { hash: 'a' }, order: { field: 'number' } }), /blobs__pieces/],
  ])('looks up %s in the index made for it', (_, plan, expected) => {
    expect(plan).toMatch(expected);
    expect(plan).not.toMatch(/^SCAN (?!\()/m);
  });

  it('sorts only ties if an index has the order', () => {
    for (const plan of [
      planOf(runs, { order: newest }),
      planOf(runs, { where: { status: 'queued' }, order: newest }),
      planOf(runs, { where: { workflowId: 'a' }, order: newest, cursor: encodeCursor({ value: null, id: 'x' }) }),
    ]) {
      expect(plan).not.toContain('USE TEMP B-TREE FOR ORDER BY');
    }
  });
});
