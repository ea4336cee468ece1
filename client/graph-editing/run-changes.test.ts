import { expect, test } from 'vitest';
import { open, prompt, small } from './test-editor.fixture.ts';

test('A run starts on the saved draft', async () => {
  const { state } = open();
  state().setVars({ brand: 'x' });
  await state().startRun({ message: 'hi' });
  expect(state()).toMatchObject({ saveState: 'saved', revision: 5, activeRunId: 'run_1' });
});

test('An ended run stays on the canvas over edits, which are marked until undone', async () => {
  const { state, endRun } = open();
  await state().startRun({});
  state().setParams('reply', { value: 'changed while it runs' });
  expect(state().changedSince).toBeNull();
  endRun('run_1');
  expect(state().changedSince).toEqual(['reply']);
  state().undo();
  state().moveNodes(new Map([['draft', { x: 320, y: 40 }]]));
  expect(state()).toMatchObject({ activeRunId: 'run_1', changedSince: null });
  state().setParams('draft', prompt('Hello'));
  expect(state()).toMatchObject({ activeRunId: 'run_1', changedSince: ['draft'] });
  await state().startRun({});
  endRun('run_2');
  expect(state().changedSince).toBeNull();
});

test('A run that ended while the page was away shows at once what changed since', () => {
  const { state, endRun } = open();
  endRun('run_9');
  state().setParams('reply', { value: 'changed' });
  state().showRun('run_9', small());
  expect(state().changedSince).toEqual(['reply']);
  state().clearRun();
  expect(state().changedSince).toBeNull();
});

test('A run whose graph arrives after its end shows then what changed since', () => {
  const { state, store, endRun } = open();
  state().setParams('reply', { value: 'changed' });
  state().showRun('run_9', null);
  endRun('run_9');
  expect(state().changedSince).toBeNull();
  store.setState({ lastRun: { id: 'run_9', graph: small() } });
  expect(state().changedSince).toEqual(['reply']);
});

test('A second run replaces the first one, whose end no longer matters', async () => {
  const { state, waiting, endRun, close } = open();
  await state().startRun({});
  expect(waiting()).toEqual(['run_1']);
  await state().startRun({});
  expect(waiting()).toEqual(['run_2']);
  state().setParams('reply', { value: 'changed while it runs' });
  endRun('run_1');
  expect(state().changedSince).toBeNull();
  endRun('run_2');
  expect(state().changedSince).toEqual(['reply']);
  await state().startRun({});
  close();
  expect(waiting()).toEqual([]);
});
