import { describe, expect, it } from 'vitest';
import { brokenJson, describeFault, readJson, readLoosely, writeLoosely } from './json-text.ts';

describe('JSON as it is typed', () => {
  it('reports the line and column of an error', () => {
    const reading = readJson('{\n  "a": 1,\n  b: 2\n}');
    expect(reading.ok ? '' : describeFault(reading.fault)).toBe('Line 3, column 3: unexpected "b".');
    const cut = readJson('{"a": [1,');
    expect(cut.ok ? '' : cut.fault.message).toContain('incomplete');
  });

  it.each([['plain words'], ['{{ steps.a.text }}'], ['42'], ['true'], ['"quoted"'], [42], [null], [{ a: ['{{ x }}'] }], [undefined]])(
    'writes %j so that it is read back the same',
    (value) => {
      expect(readLoosely(writeLoosely(value))).toEqual(value);
    },
  );

  it('keeps incomplete JSON as it was typed, and says so', () => {
    expect(readLoosely('{"a": ')).toBe('{"a": ');
    expect(brokenJson('{"a": ')).toBeDefined();
    expect(brokenJson('{{ input.message }}')).toBeUndefined();
    expect(brokenJson('\n  "a": 1\n}')).toBeDefined();
    expect(brokenJson('words')).toBeUndefined();
    expect(brokenJson('"He" said: no')).toBeUndefined();
    expect(brokenJson({ a: 1 })).toBeUndefined();
  });
});
