import { nodeTypes } from '@switchyard/nodes/catalog.ts';
import { describe, expect, it } from 'vitest';
import { blocksOf } from './markdown-blocks.ts';

describe('help texts', () => {
  it('are split into paragraphs, lists, tables, headings and code', () => {
    const text = 'First line\nsecond.\n\n- one\n- two\n  goes on\n\n| a | b |\n|---|---|\n| 1 | `2` |\n\n## Title\n\n```json\n{ "a": 1 }\n```\nAfter.';
    expect(blocksOf(text)).toEqual([
      { kind: 'text', text: 'First line second.' },
      { kind: 'list', items: ['one', 'two goes on'] },
      { kind: 'table', head: ['a', 'b'], rows: [['1', '`2`']] },
      { kind: 'heading', text: 'Title' },
      { kind: 'code', text: '{ "a": 1 }' },
      { kind: 'text', text: 'After.' },
    ]);
  });

  it('of every node type come through without loose marks', () => {
    for (const { help } of nodeTypes) {
      for (const block of blocksOf(help)) if (block.kind === 'text') expect(block.text).not.toMatch(/^([-*] |#|\||```)/);
    }
  });
});
