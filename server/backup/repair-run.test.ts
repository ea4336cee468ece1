import type { RunEvent } from '@switchyard/shared/run/events.ts';
import { expect, it } from 'vitest';
import type { RunRecord } from '../store/collections.ts';
import type { JournalRow } from '../store/port.ts';
import { repairRun } from './repair-run.ts';

const AT = '2026-03-01T12:00:00.000Z';
const THEN = '2026-02-01T12:00:00.000Z';

const recordWith = (given: Partial<RunRecord>): RunRecord => ({
  id: 'run_1',
  workspaceId: 'default',
  workflowId: 'wfl_1',
  workflowName: 'Refunds',
  version: 1,
  versionText: '1',
  graphHash: 'hash',
  trigger: 'webhook',
  triggerData: { kind: 'webhook', body: {} },
  labels: {},
  status: 'queued',
  output: null,
  error: null,
  createdAt: THEN,
  startedAt: null,
  endedAt: null,
  usage: { inputTokens: 0, outputTokens: 0 },
  costMicros: 0,
  demo: false,
  seq: 0,
  wakeAt: null,
  rerunOf: null,
  rerunFrom: null,
  statusToken: 'token',
  idempotencyKey: null,
  bodyHash: null,
  actor: { kind: 'trigger', id: 'wfl_1' },
  ...given,
});

const STARTED = { type: 'run-started', at: THEN, workflowId: 'wfl_1', version: 1, trigger: 'webhook', labels: {}, graphHash: 'hash' };
const STEP = { type: 'step-started', at: THEN, stepId: 'a#1', nodeKey: 'a', nodeType: 'prompt', round: 1, attempt: 1, effect: 'pure', input: null };
const FAILED = { type: 'run-finished', at: THEN, status: 'failed', error: { code: 'node-failed', message: 'It broke' } };

/** A journal with one row per event. */
const rowsOf = (...events: object[]): JournalRow[] =>
  events.map((event, index) => ({ runId: 'run_1', seq: index + 1, epoch: 1, v: 2, events: [event as unknown as RunEvent] }));

it('holds a run that was accepted and has no journal, so it starts from the beginning', () => {
  const { record } = repairRun(recordWith({ owner: 'process', queue: 'key', slot: 'wfl_1#1' }), [], AT);
  expect(record).toMatchObject({ status: 'queued', seq: 0, heldSince: AT, heldWakeAt: null });
  for (const field of ['owner', 'queue', 'slot']) expect(record).not.toHaveProperty(field);
});

it('holds a waiting run with the time when it is due', () => {
  const { record } = repairRun(recordWith({ status: 'waiting', seq: 2, wakeAt: AT }), rowsOf(STARTED, STEP), AT);
  expect(record).toMatchObject({ status: 'waiting', seq: 2, heldSince: AT, heldWakeAt: AT, wakeAt: null });
});

it('gives a record that is behind or ahead of its journal a status with which it is driven, and a number that lets its summary be corrected', () => {
  expect(repairRun(recordWith({ status: 'waiting', seq: 1 }), rowsOf(STARTED, STEP), AT).record).toMatchObject({ status: 'running', seq: 1, heldSince: AT });
  expect(repairRun(recordWith({ status: 'waiting', seq: 5 }), rowsOf(STARTED, STEP), AT).record).toMatchObject({ status: 'running', seq: 2, heldSince: AT });
  expect(repairRun(recordWith({ status: 'running', seq: 5 }), [], AT).record).toMatchObject({ status: 'queued', seq: 0, heldSince: AT });
});

it('ends a run whose journal has ended since its record was read, without values if they are encrypted', () => {
  const { record } = repairRun(recordWith({ status: 'running', seq: 1 }), rowsOf(STARTED, STEP, FAILED), AT);
  expect(record).toMatchObject({ status: 'failed', seq: 3, endedAt: THEN, error: { message: 'It broke' }, uncountedSince: THEN });
  expect(record).not.toHaveProperty('heldSince');
  const sealed = repairRun(
    recordWith({ status: 'running', seq: 1, triggerData: { kind: 'webhook', body: {}, sealed: 'x' } }),
    rowsOf(STARTED, STEP, FAILED),
    AT,
  );
  expect(JSON.stringify(sealed.record)).not.toContain('It broke');
});

it('drops the rest of a journal that was being removed', () => {
  const ended = recordWith({ status: 'failed', seq: 3, endedAt: THEN });
  expect(repairRun(ended, rowsOf(STARTED, STEP, FAILED), AT)).toEqual({ record: ended, dropsJournal: false });
  for (const rows of [[], rowsOf(STARTED)])
    expect(repairRun(ended, rows, AT)).toMatchObject({ record: { journalRemovedAt: AT, payloadsRemovedAt: AT }, dropsJournal: true });
});
