import { expect, test } from 'vitest';
import { levelWith, middleOfWire, wireNear } from '../adding/wire-samples.ts';
import { wayBackPath } from '../wires/way-back-path.ts';
import { shortcutOf } from './shortcuts.ts';

const press = (key: string, more: Partial<Record<'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey', boolean>> = {}) =>
  shortcutOf({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...more });

test('Ctrl and the command key are equivalent', () => {
  expect([press('z', { ctrlKey: true }), press('z', { metaKey: true })]).toEqual(['undo', 'undo']);
  expect(press('Z', { ctrlKey: true, shiftKey: true })).toBe('redo');
  expect(press('?', { shiftKey: true })).toBe('keys');
});

test('An arrow moves to another node, and Shift+arrow moves the selected one', () => {
  expect([press('ArrowUp'), press('ArrowUp', { shiftKey: true })]).toEqual(['walk', 'move']);
});

test('Browser shortcuts are left to the browser', () => {
  expect([press('r', { ctrlKey: true }), press('n', { metaKey: true }), press('f', { ctrlKey: true }), press('ArrowLeft', { altKey: true })]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test('A loop edge runs below everything between its ends', () => {
  const { path, middleX, middleY } = wayBackPath({ sourceX: 500, sourceY: 100, targetX: 100, targetY: 60, bottom: 300 });
  expect(middleY).toBe(328);
  expect(middleX).toBe(300);
  expect(path.startsWith('M 500 100')).toBe(true);
  expect(path.endsWith('L 100 60')).toBe(true);
});

test('A dragged card finds the edge nearest to its center, and none that is far away', () => {
  const samples = [
    { edgeId: 'near', x: 100, y: -10 },
    { edgeId: 'under', x: 100, y: 40 },
    { edgeId: 'far', x: 900, y: 40 },
  ];
  expect(wireNear(samples, { x: 0, y: 0, width: 200, height: 66 })).toBe('under');
  expect(wireNear(samples.slice(0, 1), { x: 0, y: 0, width: 200, height: 66 })).toBe('near');
  expect(wireNear(samples.slice(2), { x: 0, y: 0, width: 200, height: 66 })).toBeNull();
});

test('A card dropped on an edge has its input port level with the edge', () => {
  const samples = [
    { edgeId: 'wire', x: 0, y: 10 },
    { edgeId: 'wire', x: 120, y: 60 },
    { edgeId: 'other', x: 4, y: 40 },
  ];
  expect(levelWith(samples, 'wire', { x: 5, y: 20 })).toEqual({ x: 5, y: -13 });
  expect(levelWith(samples, 'wire', { x: 110, y: 20 })).toEqual({ x: 110, y: 37 });
});

test('The midpoint of an edge is halfway along it, and undefined if it isn’t rendered', () => {
  const samples = [0, 10, 20].map((x) => ({ edgeId: 'wire', x, y: 0 }));
  expect(middleOfWire([{ edgeId: 'other', x: 9, y: 9 }, ...samples], 'wire')).toMatchObject({ x: 10 });
  expect(middleOfWire(samples, 'gone')).toBeUndefined();
});
