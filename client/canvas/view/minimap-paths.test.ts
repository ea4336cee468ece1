import { expect, it } from 'vitest';
import { miniDrawing } from './minimap-paths.ts';

const SHAPE = { width: 100, height: 50 };

it('draws nodes of one look as one path, in the shape of the minimap', () => {
  const { paths, area } = miniDrawing(
    [
      { look: 'step', x: 0, y: 0, width: 200, height: 60 },
      { look: 'note', x: 300, y: 0, width: 200, height: 60 },
      { look: 'step', x: 800, y: 40.4, width: 200, height: 60 },
    ],
    SHAPE,
  );
  expect(paths).toEqual([
    { look: 'step', path: 'M0 0h200v60h-200zM800 40h200v60h-200z' },
    { look: 'note', path: 'M300 0h200v60h-200z' },
  ]);
  expect(area.width / area.height).toBeCloseTo(2);
  expect(area.x).toBeLessThan(0);
  expect(area.x + area.width).toBeGreaterThan(1000);
  expect(area.y + area.height / 2).toBeCloseTo(50.2);
});

it('has an area without nodes', () => {
  expect(miniDrawing([], SHAPE)).toEqual({ paths: [], area: { x: 0, y: 0, ...SHAPE } });
});
