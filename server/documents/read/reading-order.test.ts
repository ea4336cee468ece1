import { expect, it } from 'vitest';
import { type PlacedText, readingOrder } from './reading-order.ts';

const at = (x: number, y: number, text: string, more: Partial<PlacedText> = {}): PlacedText => ({
  text,
  x,
  y,
  width: text.length * 5,
  size: 10,
  angle: 0,
  ...more,
});

it('reads from top to bottom and left to right, however it was drawn', () => {
  expect(readingOrder([at(60, 700, 'right'), at(0, 690, 'below'), at(0, 700.5, 'left')])).toBe('left\tright\nbelow');
});

it('puts a space where there is a gap, and none within a word', () => {
  expect(readingOrder([at(0, 0, 'Dear'), at(22.5, 0, 'A'), at(27.5, 0, 'da')])).toBe('Dear Ada');
});

it('keeps superscripts on their line, and text that is drawn twice once', () => {
  expect(readingOrder([at(0, 100, 'x'), at(5, 103.5, '2', { size: 6 }), at(20.3, 100, 'bold'), at(20.5, 100, 'bold')])).toBe('x2\tbold');
});

it('reads columns of prose one after the other, and what spans them in its place', () => {
  const lines = (x: number, name: string): PlacedText[] =>
    Array.from({ length: 6 }, (_, line) => at(x, 700 - line * 12, `${name} ${line}: the quick brown fox jumps over`));
  const text = readingOrder([
    at(0, 730, `A title that spans ${'both '.repeat(12)}columns`),
    ...lines(0, 'left'),
    ...lines(230, 'right'),
    at(0, 600, `A line ${'below '.repeat(14)}`),
  ]);
  expect(text.split('\n').filter((line) => line !== '')).toEqual([
    expect.stringMatching(/^A title/),
    ...Array.from({ length: 6 }, (_, line) => `left ${line}: the quick brown fox jumps over`),
    ...Array.from({ length: 6 }, (_, line) => `right ${line}: the quick brown fox jumps over`),
    expect.stringMatching(/^A line/),
  ]);
});

it('reads blocks side by side one after the other, but a table row by row, also with cells of several lines', () => {
  const address = ['Ada Lovelace', '12 St James’s Square', 'London', 'United Kingdom'].map((text, line) => at(0, 800 - line * 12, text));
  const facts = ['Invoice 118', 'Date: 2026-01-05', 'Due: 2026-01-19'].map((text, line) => at(400, 806 - line * 12, text));
  const table = [at(0, 700, '1'), at(40, 706, 'A lamp with a long'), at(40, 694, 'name'), at(300, 700, '2'), at(400, 700, '39.90')];
  const others = [at(0, 676, '2'), at(40, 676, 'Shelf'), at(300, 676, '1'), at(400, 676, '120.00')];
  expect(readingOrder([...address, ...facts, ...table, ...others]).split('\n')).toEqual([
    ...['Ada Lovelace', '12 St James’s Square', 'London', 'United Kingdom', ''],
    ...['Invoice 118', 'Date: 2026-01-05', 'Due: 2026-01-19', ''],
    ...['A lamp with a long', '1\t2\t39.90', 'name', '2\tShelf\t1\t120.00'],
  ]);
});

it('reads a turned page as it is meant', () => {
  const angle = Math.PI / 2;
  expect(readingOrder([at(112, 50, 'second', { angle }), at(100, 50, 'first', { angle }), at(100, 200, 'right', { angle })])).toBe('first\tright\nsecond');
});

it('reads lines that are written from right to left', () => {
  expect(readingOrder([at(0, 0, 'עולם'), at(100, 0, 'שלום')])).toBe('שלום\tעולם');
});

it('reads many texts quickly', () => {
  const texts = Array.from({ length: 50_000 }, (_, index) => at((index % 200) * 3, Math.floor(index / 200) * 10, 'x'));
  expect(readingOrder(texts).length).toBeGreaterThan(50_000);
});
