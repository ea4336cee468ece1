import { expect, test } from 'vitest';
import { crossesFloors, crowdedFolders, mutualFolders } from './client-floors.ts';
import { importCycles } from './import-cycles.ts';

test('client imports go down, never up or sideways', () => {
  expect(crossesFloors('client/canvas/canvas.tsx', 'client/ui/kbd.tsx')).toEqual([]);
  expect(crossesFloors('client/canvas/canvas.tsx', 'client/canvas/view/view.ts')).toEqual([]);
  expect(crossesFloors('client/ui/kbd.tsx', 'client/canvas/canvas.tsx')).toHaveLength(1);
  expect(crossesFloors('client/canvas/canvas.tsx', 'client/inspector/inspector.tsx')).toHaveLength(1);
  expect(crossesFloors('client/attic/box.tsx', 'client/ui/kbd.tsx')).toHaveLength(1);
});

test('two client folders do not import each other, even through different files', () => {
  const there: [string, string[]] = ['client/form/a.ts', ['client/form/controls/b.ts']];
  expect(mutualFolders(new Map([there]))).toEqual([]);
  expect(mutualFolders(new Map([there, ['client/form/controls/c.ts', ['client/form/d.ts']]]))).toHaveLength(1);
});

test('a product folder holds at most 25 source files', () => {
  const files = Array.from({ length: 26 }, (_, index) => `server/engine/part-${index}.ts`);
  expect(crowdedFolders(files.slice(1))).toEqual([]);
  expect(crowdedFolders(files)).toHaveLength(1);
});

test('an import cycle is reported file by file', () => {
  expect(
    importCycles(
      new Map([
        ['a', ['b']],
        ['b', ['c']],
        ['c', []],
      ]),
    ),
  ).toEqual([]);
  expect(
    importCycles(
      new Map([
        ['a', ['b']],
        ['b', ['c']],
        ['c', ['b']],
      ]),
    ),
  ).toEqual([['b', 'c', 'b']]);
});
