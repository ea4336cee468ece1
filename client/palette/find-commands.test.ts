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
  it('gives everything in its order when nothing was typed', () => expect(titles('')).toEqual(all.map(({ title }) => title)));
  it('wants every word, in the title or beside it', () => expect(titles('tri support')).toEqual(['Ticket triage']));
  it('puts what begins with the word first, and keeps groups together', () => {
    expect(titles('run')).toEqual(['Runs', 'Run', 'Triage of runs']);
  });
  it('finds nothing for what nothing is called', () => expect(titles('zebra')).toEqual([]));
});
