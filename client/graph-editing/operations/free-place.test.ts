import { expect, test } from 'vitest';
import { freePlace } from './free-place.ts';

const size = { width: 200, height: 60 };

test('A free position is used as is', () => {
  expect(freePlace({ x: 0, y: 0 }, size, [{ x: 400, y: 0, width: 200, height: 60 }])).toEqual({ x: 0, y: 0 });
});

test('A card goes below everything it would cover', () => {
  const boxes = [
    { x: -50, y: -10, width: 200, height: 80 },
    { x: 100, y: 90, width: 200, height: 60 },
  ];
  expect(freePlace({ x: 0, y: 0 }, size, boxes)).toEqual({ x: 0, y: 174 });
});
