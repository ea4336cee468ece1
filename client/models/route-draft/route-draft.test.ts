import type { RouteSettings } from '@switchyard/shared/contracts/routes.ts';
import { expect, test } from 'vitest';
import {
  changesBetween,
  contentOf,
  problemsOf,
  readEdits,
  rebased,
  sendable,
  withMovedTarget,
  withNewTarget,
  withoutTarget,
  withTarget,
} from './route-draft.ts';
import { rungsOf } from './rungs.ts';

const settings: RouteSettings = {
  description: 'For drafts',
  targets: [
    { connectionId: 'one', model: 'small', when: 'labels.tier == "free"' },
    { connectionId: 'two', model: 'large', weight: 90, firstTokenMs: 6_000 },
    { connectionId: 'one', model: 'medium', weight: 10 },
    { connectionId: 'three', model: 'local' },
  ],
  order: 'weights',
  stickyKey: 'labels.customer',
  onBrokenStream: 'restart',
  cacheTtlMs: null,
  fallbackWarningMs: 900_000,
};
const start = contentOf(settings);

test('an unchanged route has no changes, and is sent as it was read', () => {
  expect(changesBetween(start, contentOf(settings))).toEqual([]);
  expect(sendable(start)).toEqual(settings);
});

test('each changed field is named once, with its target', () => {
  const changed = withTarget({ ...start, cacheTtlMs: 60_000 }, '1', { firstTokenMs: 4_000 });
  expect(changesBetween(start, changed)).toEqual(['response cache', 'first text of large']);
});

test('added, removed, and moved targets are changes of their own', () => {
  expect(changesBetween(start, withoutTarget(start, '3'))).toEqual(['local removed']);
  expect(changesBetween(start, withNewTarget(start, { connectionId: 'one', model: 'extra' }))).toEqual(['extra added']);
  const moved = withMovedTarget(start, '3', 0);
  expect(moved.targets.map(({ key }) => key)).toEqual(['3', '0', '1', '2']);
  expect(changesBetween(start, moved)).toEqual(['order of targets']);
  expect(withMovedTarget(start, '0', -1)).toBe(start);
});

test('targets share calls as long as one has a weight', () => {
  const without = withTarget(withTarget(start, '1', { weight: undefined }), '2', { weight: undefined });
  expect(without.order).toBe('sequence');
  expect(without.targets[1]?.target).not.toHaveProperty('weight');
  expect(withTarget(without, '3', { weight: 1 }).order).toBe('weights');
});

test('problems have the paths of the server', () => {
  const faulty = withTarget(withNewTarget({ ...start, stickyKey: 'input.id' }, { connectionId: '', model: ' ' }), '0', { when: 'labels.tier ==' });
  expect([...problemsOf(faulty).keys()]).toEqual(['stickyKey', 'targets.0.when', 'targets.4.connectionId', 'targets.4.model']);
  expect(problemsOf(faulty).get('stickyKey')).toContain('“input” is not available here');
  expect(problemsOf(start).size).toBe(0);
});

test('weights that are all 0 are a problem', () => {
  const none = withTarget(withTarget(start, '1', { weight: 0 }), '2', { weight: 0 });
  expect([...problemsOf(none).keys()]).toEqual(['targets']);
});

test('edits are read back as they were kept, complete or not', () => {
  const edits = { base: 3, start, content: withNewTarget(start, { connectionId: '', model: '' }) };
  expect(readEdits(JSON.stringify(edits))).toEqual(edits);
  expect(readEdits(undefined)).toBeUndefined();
  expect(readEdits('{"base": 1}')).toBeUndefined();
});

test('edits on top of a newer version keep what was edited, and take the rest from it', () => {
  const latest = contentOf({ ...settings, cacheTtlMs: 60_000, targets: settings.targets.slice(1) });
  const onlyDescription = rebased({ start, content: { ...start, description: 'New' } }, latest);
  expect(changesBetween(latest, onlyDescription)).toEqual(['description']);
  const both = rebased({ start, content: withTarget(start, '1', { firstTokenMs: 4_000 }) }, latest);
  expect(changesBetween(latest, both)).toEqual(['small added', 'first text of large']);
});

test('neighbors with a weight are one rung with their shares', () => {
  expect(rungsOf(start).map(({ place, isShared, targets }) => [place, isShared, targets.map(({ share }) => share)])).toEqual([
    [1, false, [1]],
    [2, true, [0.9, 0.1]],
    [3, false, [1]],
  ]);
  expect(rungsOf({ ...start, order: 'sequence' })).toHaveLength(4);
});
