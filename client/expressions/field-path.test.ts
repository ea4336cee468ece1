import { describe, expect, it } from 'vitest';
import { dotted, getAt, setAt } from './field-path.ts';

describe('paths into params', () => {
  it('reads through objects and lists, and returns undefined for missing parts', () => {
    const params = { labels: [{ name: 'billing' }] };
    expect(getAt(params, ['labels', 0, 'name'])).toBe('billing');
    expect(getAt(params, ['labels', 3, 'name'])).toBeUndefined();
    expect(getAt(params, ['toString'])).toBeUndefined();
    expect(dotted(['labels', 0, 'name'])).toBe('labels.0.name');
  });

  it('keeps everything beside the path as the same object, odd values included', () => {
    const odd = { unknown: Symbol.for('kept') };
    const params = { odd, labels: [{ name: 'a', extra: 1 }, { name: 'b' }] };
    const next = setAt(params, ['labels', 0, 'name'], 'not ! valid') as typeof params;
    expect(next).toEqual({ odd, labels: [{ name: 'not ! valid', extra: 1 }, { name: 'b' }] });
    expect(next.odd).toBe(odd);
    expect(next.labels[1]).toBe(params.labels[1]);
    expect(params.labels[0]?.name).toBe('a');
  });

  it('removes a field that is set to undefined', () => {
    expect(setAt({ a: 1, b: 2 }, ['a'], undefined)).toEqual({ b: 2 });
    expect(Object.keys(setAt({ a: 1 }, ['a'], undefined) as object)).toEqual([]);
  });

  it('creates missing parts of the path', () => {
    expect(setAt({}, ['rules', 0, 'field'], 'x')).toEqual({ rules: [{ field: 'x' }] });
  });

  it('keeps the order of fields, and treats a field named __proto__ as data', () => {
    expect(Object.keys(setAt({ b: 1, a: 2 }, ['b'], 3) as object)).toEqual(['b', 'a']);
    const next = setAt({}, ['__proto__'], { polluted: true }) as object;
    expect(Object.hasOwn(next, '__proto__')).toBe(true);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});
