import { describe, expect, it } from 'vitest';
import type { Command } from '../frame/commands.ts';
import { findCommands } from './find-commands.ts';

const command = (title: string, group: string, words = ''): Command => ({ id: `${group}/${title}`, title, group, words, run: () => {} });
const all = [
  command('Workflows', 'Pages'),
  command('Runs', 'Pages'),
  command('Ticket triage', 'Workflows', 'support'),
  command('Triage of runs', 'Workflows'),
  command('Run', 'This workflow'),
];
const titles = (text: string) => findCommands(all, text).map(({ title }) => title);

describe('findCommands', () => {
  it('returns everything in its order for an empty search', () => expect(titles('')).toEqual(all.map(({ title }) => title)));
  it('requires every word, in the title or elsewhere', () => expect(titles('tri support')).toEqual(['Ticket triage']));
  it('ranks matches at the start of a word first, and keeps groups together', () => {
    expect(titles('run')).toEqual(['Runs', 'Run', 'Triage of runs']);
  });
  it('returns nothing without a match', () => expect(titles('zebra')).toEqual([]));
});
