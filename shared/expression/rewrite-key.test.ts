import { describe, expect, it } from 'vitest';
import { renameInExpression } from './rewrite-key.ts';

const inCel = (source: string): string => renameInExpression(source, 'cel', 'old', 'brand_new');
const inTemplate = (source: string): string => renameInExpression(source, 'template', 'old', 'brand_new');

describe('renaming a key in an expression', () => {
  it.each([
    ['steps.old', 'steps.brand_new'],
    ['steps.old.old + steps.older.x', 'steps.brand_new.old + steps.older.x'],
    ['steps . old .x', 'steps . brand_new .x'],
    ['steps["old"].x', 'steps["brand_new"].x'],
    ["steps['old'].x", "steps['brand_new'].x"],
    ['steps.?old.?x.orValue(previous.old)', 'steps.?brand_new.?x.orValue(previous.brand_new)'],
    ['has(steps.old) && input.old == "steps.old"', 'has(steps.brand_new) && input.old == "steps.old"'],
    ['input.xs.exists(x, x.old == steps.old.y)', 'input.xs.exists(x, x.old == steps.brand_new.y)'],
    ['input.xs.map(steps, steps.old)', 'input.xs.map(steps, steps.old)'],
    ['steps.old +  1 // steps.old', 'steps.brand_new +  1 // steps.old'],
    ['run.callbacks.old + run.callbacks["old"]', 'run.callbacks.brand_new + run.callbacks["brand_new"]'],
    ['run.labels.old + run.old + run.callbacks.older', 'run.labels.old + run.old + run.callbacks.older'],
    ['steps.old = ', 'steps.old = '],
  ])('%s', (source, renamed) => {
    expect(inCel(source)).toBe(renamed);
  });

  it('changes only the expressions of a template, byte for byte', () => {
    expect(inTemplate('steps.old: {{  steps.old.text }}\n{{ "steps.old }}" + previous.old.x}} old')).toBe(
      'steps.old: {{  steps.brand_new.text }}\n{{ "steps.old }}" + previous.brand_new.x}} old',
    );
  });

  it('renames valid expressions next to invalid ones', () => {
    expect(inTemplate('{{ steps.old. }} {{ steps.old }}')).toBe('{{ steps.old. }} {{ steps.brand_new }}');
    expect(inTemplate('{{ steps.old }} {{ steps.old')).toBe('{{ steps.old }} {{ steps.old');
  });
});
