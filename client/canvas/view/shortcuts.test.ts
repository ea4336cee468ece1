import { expect, test } from 'vitest';
import { edgeNear, levelWith, middleOfEdge } from '../adding/edge-samples.ts';
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
  expect([press('r', { ctrlKey: true }), press('n', { metaKey: true }), press('ArrowLeft', { altKey: true })]).toEqual([undefined, undefined, undefined]);
});

test('Groups, menus, and the search have the keys of other editors', () => {
  expect([press('g', { ctrlKey: true }), press('G', { ctrlKey: true, shiftKey: true })]).toEqual(['group', 'ungroup']);
  expect([press('F10', { shiftKey: true }), press('ContextMenu'), press('F10')]).toEqual(['menu', 'menu', undefined]);
  expect([press('f', { metaKey: true }), press('F2'), press('d'), press('R', { shiftKey: true })]).toEqual(['find', 'rename', 'disable', 'run-node']);
});

test('A dragged card finds the edge nearest to its center, and none that is far away', () => {
  const samples = [
    { edgeId: 'near', x: 100, y: -10 },
    { edgeId: 'under', x: 100, y: 40 },
    { edgeId: 'far', x: 900, y: 40 },
  ];
  expect(edgeNear(samples, { x: 0, y: 0, width: 200, height: 66 })).toBe('under');
  expect(edgeNear(samples.slice(0, 1), { x: 0, y: 0, width: 200, height: 66 })).toBe('near');
  expect(edgeNear(samples.slice(2), { x: 0, y: 0, width: 200, height: 66 })).toBeNull();
});

test('A card dropped on an edge has its input port level with the edge', () => {
  const samples = [
    { edgeId: 'edge', x: 0, y: 10 },
    { edgeId: 'edge', x: 120, y: 60 },
    { edgeId: 'other', x: 4, y: 40 },
  ];
  expect(levelWith(samples, 'edge', { x: 5, y: 20 })).toEqual({ x: 5, y: -13 });
  expect(levelWith(samples, 'edge', { x: 110, y: 20 })).toEqual({ x: 110, y: 37 });
});

test('The midpoint of an edge is halfway along it, and undefined if it isn’t rendered', () => {
  const samples = [0, 10, 20].map((x) => ({ edgeId: 'edge', x, y: 0 }));
  expect(middleOfEdge([{ edgeId: 'other', x: 9, y: 9 }, ...samples], 'edge')).toMatchObject({ x: 10 });
  expect(middleOfEdge(samples, 'gone')).toBeUndefined();
});
