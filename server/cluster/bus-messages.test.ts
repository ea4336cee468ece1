import { expect, test } from 'vitest';
import type { BusMessage } from '../engine/bus.ts';
import { decodeMessage, encodeMessage } from './bus-messages.ts';

const run = { runId: 'run_1', workspaceId: 'ws', workflowId: 'wf' };
const events = [{ type: 'cancel-requested', at: '2026-01-01T00:00:00.000Z', seq: 7, reason: 'a\nb' }] as const;
const commit: BusMessage = { kind: 'run-committed', run, events, head: 7, status: 'running' };
const eventsIn = (message: BusMessage | undefined) => message?.kind === 'run-committed' && message.events;

test('a commit arrives with its events', () => {
  expect(decodeMessage(encodeMessage('a', commit) ?? '')).toEqual({ from: 'a', message: commit });
});

test('the events of a commit are read only when they are used', () => {
  const [head = ''] = (encodeMessage('a', commit) ?? '').split('\n');
  const read = decodeMessage(`${head}\n[{"type":`);
  expect(read?.message).toMatchObject({ kind: 'run-committed', head: 7, status: 'running' });
  expect(eventsIn(read?.message)).toEqual([]);
});

test('a message of another version is ignored', () => {
  expect(decodeMessage('{"from":"a","message":{"kind":"unknown"}}')).toBeUndefined();
  expect(decodeMessage('{')).toBeUndefined();
});
