import { describe, expect, it } from 'vitest';
import { freeVariable, renamed, variableRefusal, without } from './variables.ts';

const vars = { brand: 'Nordlicht', least: 0.8 };

describe('variables of a workflow', () => {
  it('keep their position and value when renamed', () => {
    expect(Object.entries(renamed(vars, 'brand', 'firm'))).toEqual([
      ['firm', 'Nordlicht'],
      ['least', 0.8],
    ]);
    expect(without(vars, 'brand')).toEqual({ least: 0.8 });
  });

  it('have unique names that expressions can use', () => {
    expect(variableRefusal(vars, 'least')).toContain('already');
    expect(variableRefusal(vars, '1st')).toContain('start with a letter');
    expect(variableRefusal(vars, 'tone')).toBeUndefined();
    expect(freeVariable({ name: 1, name2: 2 })).toBe('name3');
  });
});
