import { expect, test } from 'vitest';
import type { AcceptedRun, StartedChild } from '../../engine/ports.ts';
import { linkOf } from './start-child.ts';

const child = (alike: number): StartedChild => ({
  workflowId: 'wf',
  version: 'live',
  input: null,
  isWaited: true,
  stepId: 'call#1',
  waitId: 'call#1/wait:0',
  alike,
});
type Parent = Pick<AcceptedRun, 'runId' | 'parent' | 'workflowId' | 'version' | 'trigger'>;
const root: Parent = { runId: 'run_root', workflowId: 'wf', version: 3, trigger: { kind: 'webhook', body: null } };

/** The runs that a workflow starts which calls itself for each of so many items. */
function treeOf(items: number): number {
  let [runs, level] = [0, 1];
  for (let parent: Parent = root; ; ) {
    const link = attempt(() => linkOf(parent, child(items)));
    if (!link) return runs;
    level *= items;
    runs += level;
    parent = { ...root, runId: `run_${link.depth}`, parent: link };
  }
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (thrown) {
    expect(thrown).toMatchObject({ code: 'too-deep' });
    return undefined;
  }
}

test('a workflow that calls itself for each item ends soon', () => {
  expect([2, 3, 8, 100, 1_000].map(treeOf)).toEqual([2_046, 29_523, 4_680, 10_100, 1_000]);
});

test('a list of 100,000 items can call a workflow that calls another one', () => {
  const link = linkOf(root, child(100_000));
  expect(linkOf({ ...root, runId: 'run_1', parent: link }, child(1))).toMatchObject({ depth: 2, rootId: 'run_root', room: 1 });
});

test('a run of an earlier version has all the room', () => {
  const { room: _, ...parent } = linkOf(root, child(100_000));
  expect(linkOf({ ...root, runId: 'run_1', parent }, child(10))).toMatchObject({ room: 2_000 });
});

test('the cost of all child runs counts for the version of the outermost run, unless that run is not live', () => {
  const link = linkOf(root, child(1));
  expect(link.costOf).toBe('wf:3');
  expect(linkOf({ ...root, runId: 'run_1', workflowId: 'other', version: 8, parent: link }, child(1)).costOf).toBe('wf:3');
  expect(linkOf({ ...root, trigger: { kind: 'canvas', body: null } }, child(1)).costOf).toBe('');
  expect(linkOf({ ...root, version: 'draft' }, child(1)).costOf).toBe('');
});
