import { describe, expect, it } from 'vitest';
import { runNode } from '../sdk/run-node.fixture.ts';
import { note } from './note.ts';

describe('note', () => {
  it('has no edges, does nothing, and contains no expressions', async () => {
    expect(note.ports({ text: 'x' })).toEqual({ inputs: [], outputs: [] });
    expect(note.expressions({ text: 'Write {{ input.message }}' })).toEqual([]);
    expect((await runNode(note, { text: 'x' })).result).toEqual({ kind: 'done', output: null });
  });

  it('shows its first line with text', () => {
    expect(note.line({ text: '\n  **Money needs a person**\nmore' })).toBe('**Money needs a person**');
    expect(note.line({ text: ' ' })).toBe('empty note');
  });
});
