import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DEFAULT_WORKSPACE, type RunRecord, runs } from '@switchyard/server/store/collections.ts';
import { searchFileOf } from '@switchyard/server/store/sqlite/aside/aside.ts';
import { createCommitter } from '@switchyard/server/store/sqlite/commit/perform-writes.ts';
import { openSearchFile } from '@switchyard/server/store/sqlite/search-file.ts';
import { createStatementCache } from '@switchyard/server/store/sqlite/statement-cache.ts';
import { insertInto, tableOf } from '@switchyard/server/store/sqlite/table.ts';
import { queueKey } from '@switchyard/shared/run/queue-key.ts';

const BATCH = 10_000;
/** All runs are from the last two days. */
const SPAN_MS = 2 * 86_400_000;
const NAMES = ['Grace Hopper', 'Edsger Dijkstra', 'Barbara Liskov', 'Donald Knuth'];

export interface FilledRuns {
  readonly dataDir: string;
  readonly workflowId: string;
  readonly ended: number;
  readonly open: number;
}

/**
 * Writes runs directly into the database of a stopped server, and indexes them. Open ones wait for people; every hundredth waits for a
 * time.
 */
export function fillRuns({ dataDir, workflowId, ended, open }: FilledRuns): void {
  const file = join(dataDir, 'switchyard.db');
  const database = new DatabaseSync(file);
  database.exec('PRAGMA synchronous = OFF');
  const table = tableOf(runs);
  const commit = createCommitter(database, createStatementCache(database), [table]);
  const begin = Date.now() - SPAN_MS;
  const total = ended + open;
  for (let done = 0; done < total; done += BATCH) {
    const indexes = Array.from({ length: Math.min(BATCH, total - done) }, (_, offset) => done + offset);
    const at = (index: number) => begin + Math.floor((index * SPAN_MS) / total);
    commit(indexes.map((index) => insertInto(table, runOf({ index, workflowId, at: at(index), waits: index % total < 2 * open && index % 2 === 1 }))));
  }
  if (runs.searchIndex) {
    const search = openSearchFile(searchFileOf(file), database, { table: runs.name, spec: runs.searchIndex });
    while (search.indexSome() > 0);
    search.close();
  }
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
}

/** Writes queued runs directly into a closed database: of 50 workflows with 20 tenants each. */
export function fillQueue(file: string, queued: number): void {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA synchronous = OFF');
  const table = tableOf(runs);
  const commit = createCommitter(database, createStatementCache(database), [table]);
  const begin = Date.now() - SPAN_MS;
  for (let done = 0; done < queued; done += BATCH) {
    const indexes = Array.from({ length: Math.min(BATCH, queued - done) }, (_, offset) => done + offset);
    commit(
      indexes.map((index) => {
        const run = runOf({ index, workflowId: `wfl_${index % 50}`, at: begin + index, waits: true });
        const fresh: RunRecord = { ...run, labels: { tenant: `tenant${index % 20}` }, status: 'queued', startedAt: null, seq: 0, wakeAt: null };
        const record: RunRecord = { ...fresh, queue: queueKey(fresh, 'normal') };
        return insertInto(table, record);
      }),
    );
  }
  database.close();
}

interface Filled {
  readonly index: number;
  readonly workflowId: string;
  readonly at: number;
  readonly waits: boolean;
}

function runOf({ index, workflowId, at, waits }: Filled): RunRecord {
  const createdAt = new Date(at).toISOString();
  return {
    id: `run_${at.toString(36)}${((index * 2_654_435_761) % 4_294_967_296).toString(36).padStart(7, '0')}${index.toString(36).padStart(9, '0')}`,
    workspaceId: DEFAULT_WORKSPACE,
    workflowId,
    workflowName: 'Orders',
    version: 1,
    versionText: '1',
    graphHash: 'filled',
    trigger: index % 50_000 === 0 ? 'api' : 'webhook',
    triggerData: { kind: 'webhook', body: { order: `order-${index}`, customer: NAMES[index % NAMES.length], amount: index % 500 } },
    labels: { tenant: `tenant${index % 1_000}` },
    status: waits ? 'waiting' : index % 20 === 0 ? 'failed' : 'succeeded',
    output: waits ? null : { order: `order-${index}`, accepted: true },
    error: null,
    createdAt,
    startedAt: createdAt,
    endedAt: waits ? null : new Date(at + 250).toISOString(),
    usage: { inputTokens: 0, outputTokens: 0 },
    costMicros: 0,
    demo: false,
    seq: 5,
    wakeAt: waits && index % 200 === 1 ? new Date(at + 30 * SPAN_MS).toISOString() : null,
    rerunOf: null,
    rerunFrom: null,
    statusToken: `status-${index}`,
    idempotencyKey: null,
    bodyHash: null,
    actor: { kind: 'trigger', id: 'webhook' },
  };
}
