import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { blankOf } from './blank.ts';
import { moved } from './list-items.ts';

describe('a new list item', () => {
  it('has required fields and defaults, and no optional ones', () => {
    const label = z.object({
      name: z.string().min(1),
      kind: z.enum(['a', 'b']),
      examples: z.array(z.string()),
      weight: z.number().default(2),
      note: z.string().optional(),
    });
    expect(blankOf(label)).toEqual({ name: '', kind: 'a', examples: [], weight: 2 });
  });
});

describe('moving an item', () => {
  it('keeps all others in their order', () => {
    expect(moved(['a', 'b', 'c', 'd'], 3, 1)).toEqual(['a', 'd', 'b', 'c']);
    expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c']);
  });
});
