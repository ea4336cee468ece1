import { expect, it } from 'vitest';
import { addedFacts } from './facts.ts';

const added = (text: string, ...known: string[]) => addedFacts(text, known).map((fact) => fact.text);

it('finds added numbers, also in words, and each only once', () => {
  expect(added('It takes five days, five at most, or 12.', 'It takes long.')).toEqual(['12', 'five']);
  expect(added('It takes 5 days.', 'within five days')).toEqual([]);
});

it('reads the same number in several notations', () => {
  expect(added('1,234.50 and 0800 and 7.0', '1.234,5 or 800 or 7')).toEqual([]);
  expect(added('1.500', '1500')).toEqual([]);
  expect(added('64.50', '6450')).toEqual(['64.50']);
});

it('reads the same date in several notations and languages', () => {
  const known = 'from 2026-11-12, 03/04/2026, and 1. März';
  expect(added('12 November, Nov 12th, 12.11.2026, April 3, March 1', known)).toEqual([]);
  expect(added('by 13 November', known)).toEqual(['13 November']);
});

it('finds added names within sentences, not words that begin one', () => {
  expect(added('Thanks for waiting. Our carrier Nordpost has it.\nKind regards', 'Where is it?')).toEqual(['Nordpost']);
  expect(added('I told Ada about it, in EUR.', 'ada’s parcel')).toEqual([]);
});

it('takes no nouns for names where the language capitalizes them', () => {
  const german =
    'Das Paket mit der Bestellung liegt in der Filiale und der Kunde kann die Ware dort mit dem Ausweis holen, wenn der Bote die Nachricht in den Kasten legt.';
  expect(added(`${german} Wir haben die Lieferung und den Antrag geprüft.`, 'Wo ist mein Paket?')).toEqual([]);
});
