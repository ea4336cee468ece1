import { describe, expect, it } from 'vitest';
import {
  callId,
  edgeOfLoopReturn,
  frameId,
  frameOf,
  idempotencyKey,
  loopReturnId,
  parseAddress,
  retryWaitId,
  reviewId,
  stepId,
  stepOfWait,
  waitId,
} from './address.ts';

const now = { id: stepId('draft', 2), addresses: 2 } as const;
const old = { id: stepId('draft', 2), addresses: 1 } as const;
const item = frameId(stepId('each', 1), 3);
const inner = { id: stepId('draft', 2, item), addresses: 2 } as const;

describe('the IDs of a run', () => {
  it('are formatted as the rules say', () => {
    expect(item).toBe('each#1[3]');
    expect(inner.id).toBe('each#1[3]/draft#2');
    expect(callId(now, { kind: 'model', name: 'model', occurrence: 1 })).toBe('draft#2/model:1');
    expect(callId(inner, { kind: 'http', name: 'http', occurrence: 2 })).toBe('each#1[3]/draft#2/http:2');
    expect(waitId(inner, 0)).toBe('each#1[3]/draft#2/wait:1');
    expect(retryWaitId(now, 1, 3)).toBe('draft#2/wait:2');
  });

  it('keep the format of version 1 for steps that started under it', () => {
    expect(callId(old, { kind: 'http', name: 'http', occurrence: 1 })).toBe('draft#2/http/0');
    expect(callId(old, { kind: 'step', name: 'a/b', occurrence: 2 })).toBe('draft#2/a/b/1');
    expect(waitId(old, 0)).toBe('draft.2.1');
    expect(retryWaitId(old, 0, 1)).toBe('draft.2.1.retry1');
    expect(idempotencyKey('run_1', old, 'draft#2/http/0')).toBe('run_1:draft#2');
  });

  it.each(['a/b#1[2]:3', 'http', '', '“ü” %', 'x'.repeat(200), '\u{1F600}', '\ud800'])('can contain any name of a sub-step: %s', (name) => {
    const id = callId(inner, { kind: 'step', name, occurrence: 4 });
    expect(parseAddress(id)).toEqual({ kind: 'call', id, stepId: inner.id, call: 'step', name: name.toWellFormed(), occurrence: 4 });
  });

  it('distinguish a sub-step called “http” from a request', () => {
    const called = (kind: 'http' | 'step') => callId(now, { kind, name: 'http', occurrence: 1 });
    expect(called('http')).not.toBe(called('step'));
    expect(idempotencyKey('run_1', now, called('http'))).toBe('run_1:draft#2/http:1');
  });

  it.each([
    ['draft#2', { kind: 'step', frame: undefined, nodeKey: 'draft', round: 2 }],
    ['each#1[3]/draft#2', { kind: 'step', frame: 'each#1[3]', nodeKey: 'draft', round: 2 }],
    ['out#1[0]/in#2[14]/draft#2', { kind: 'step', frame: 'out#1[0]/in#2[14]', nodeKey: 'draft', round: 2 }],
    ['out#1[0]/in#2[14]', { kind: 'frame', containerId: 'out#1[0]/in#2', item: 14 }],
    ['each#1[3]/draft#2/http:2', { kind: 'call', stepId: 'each#1[3]/draft#2', call: 'http', name: 'http', occurrence: 2 }],
    ['each#1[3]/draft#2/wait:2', { kind: 'wait', stepId: 'each#1[3]/draft#2' }],
    ['draft#2/model/0', { kind: 'call', stepId: 'draft#2', call: 'model', name: 'model', occurrence: 1 }],
    ['draft#2/a/b/1', { kind: 'call', stepId: 'draft#2', call: 'step', name: 'a/b', occurrence: 2 }],
    ['draft.2.1', { kind: 'wait', stepId: 'draft#2' }],
    ['draft.2.1.retry3', { kind: 'wait', stepId: 'draft#2' }],
  ])('are parsed in either version: %s', (id, address) => expect(parseAddress(id)).toEqual({ id, ...address }));

  it.each(['', 'draft', '#1', 'draft#', 'Draft#1', 'draft#1[x]', 'draft#1/', 'draft.1', 'run_1:draft#1'])('are not parsed from “%s”', (id) =>
    expect(parseAddress(id)).toBeUndefined(),
  );

  it('lead from a step to its item, from a wait to its step, and from a loop return to its edge', () => {
    expect(frameOf('draft#1')).toBeUndefined();
    expect(frameOf(inner.id)).toBe(item);
    expect(stepOfWait(waitId(inner, 1))).toBe(inner.id);
    expect(stepOfWait(waitId(old, 1))).toBe(old.id);
    expect(edgeOfLoopReturn(loopReturnId('an@edge', inner.id))).toBe('an@edge');
  });

  it('name a review with characters that are safe in a URL, as in version 1', () => {
    expect(reviewId('run_1', 'draft.2.1')).toBe('run_1.draft.2.1');
    expect(reviewId('run_1', 'draft#2/wait:1')).toBe('run_1.draft.2.1');
    expect(reviewId('run_1', 'out#1[0]/in#2[14]/draft#2/wait:1')).toBe('run_1.out.1.0.in.2.14.draft.2.1');
  });
});
