import { expect, test } from 'vitest';
import { centering, isWithin, showing } from './placing.ts';

const room = { width: 800, height: 400 };
const card = { x: 100, y: 100, width: 200, height: 80 };

test('A visible box moves nothing', () => {
  const view = { x: 0, y: 0, zoom: 1 };
  expect(showing(view, card, room)).toEqual(view);
  expect(isWithin(view, card, room)).toBe(true);
});

test('A box behind the tools moves up until it is clear of them', () => {
  const view = showing({ x: 0, y: 250, zoom: 1 }, card, room);
  expect(view).toEqual({ x: 0, y: 400 - 24 - 180, zoom: 1 });
  expect(isWithin(view, card, room)).toBe(true);
});

test('When zoomed out, a box is centered at a readable zoom', () => {
  const view = showing({ x: 40, y: 40, zoom: 0.16 }, card, room, 0.7);
  expect(view.zoom).toBe(0.7);
  expect(isWithin(view, card, room)).toBe(true);
  expect(view.x + (card.x + card.width / 2) * view.zoom).toBeCloseTo(400);
});

test('A readable zoom stays', () => {
  expect(showing({ x: 0, y: 0, zoom: 0.9 }, card, room, 0.7).zoom).toBe(0.9);
});

test('Of a box larger than the room, the top left corner is shown', () => {
  const tall = { x: 0, y: 0, width: 200, height: 900 };
  expect(centering(tall, room, 1)).toEqual({ x: 300, y: 24, zoom: 1 });
  expect(showing({ x: 0, y: 300, zoom: 1 }, tall, room).y).toBe(24);
});
