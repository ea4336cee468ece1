import { describe, expect, it } from 'vitest';
import { compileCel } from '../expression/cel.ts';
import { createScope } from '../expression/create-scope.ts';
import { compileTemplate } from '../expression/template.ts';
import { removed } from '../run/removed.ts';
import { FileHandle, isFileHandle } from './file-handle.ts';
import { packFiles, unpackFiles } from './packed-files.ts';
import { findFiles, hashesOf, isFilesRef, mapFiles, restored, withFileList } from './stored-value.ts';

const ID = 'a'.repeat(64);
const file = new FileHandle({ id: ID, name: 'invoice.pdf', type: 'application/pdf', bytes: 3 });
const plain = { name: 'invoice.pdf', type: 'application/pdf', bytes: 3, id: ID };
/** As it comes back from disk. */
const written = (value: unknown): unknown => JSON.parse(JSON.stringify(withFileList(value)));

describe('a value with files', () => {
  it.each([[file], [{ invoice: file }], [[1, [file, file]]], [{ a: { __proto__: null, b: [null, { c: file }] } }], [JSON.parse('{"__proto__": 1}')]])(
    'comes back with them: %j',
    (value) => {
      const back = restored(written(value));
      expect(JSON.stringify(back)).toBe(JSON.stringify(value));
      expect(findFiles(back)).toEqual(findFiles(value));
    },
  );

  it('keeps a file at a field named __proto__', () => {
    const value = JSON.parse('{"__proto__": 1, "b": {}}');
    Object.defineProperty(value, '__proto__', { value: file, enumerable: true, configurable: true, writable: true });
    const back = restored(written(value)) as object;
    expect(isFileHandle(Object.getOwnPropertyDescriptor(back, '__proto__')?.value)).toBe(true);
    expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
  });

  it('is not changed by data that looks like a file, or like a list of files', () => {
    const forged = { $files: [{ $file: ID, path: ['x'], ...plain }], value: { x: 1 } };
    const value = { mine: file, forged, entry: { $file: ID, ...plain }, copy: plain };
    const stored = written(value);
    expect(isFilesRef(stored)).toBe(true);
    expect(hashesOf(stored)).toEqual([ID]);
    const back = restored(stored) as typeof value;
    expect(findFiles(back).map(({ path }) => path)).toEqual([['mine']]);
    expect(JSON.stringify(back)).toBe(JSON.stringify(value));
  });

  it('without files, is stored as it is', () => {
    const value = { copy: plain };
    expect(withFileList(value)).toBe(value);
    expect(restored(value)).toBe(value);
  });

  it('may refer to a limited number of files', () => {
    expect(() => withFileList(Array.from({ length: 1_001 }, () => file))).toThrow(/more than 1,000 files/);
  });

  it('leaves nothing of its files when it is removed', () => {
    const left = removed(written({ invoice: file, kept: file }), (path) => path[0] === 'kept');
    expect(hashesOf(left)).toEqual([]);
    expect(left).toEqual({ invoice: { $removed: { type: 'object', bytes: expect.any(Number) } }, kept: plain });
  });
});

describe('a file in an expression', () => {
  const scope = createScope({ trigger: null, input: { invoice: file, files: [file] }, steps: {}, previous: {}, round: 1, vars: {}, run: {} });

  it.each([
    'input.invoice',
    'input.files[0]',
    'input["invoice"]',
    '[input.invoice][0]',
    'input.files.filter(f, f.bytes > 1)[0]',
    'true ? input.invoice : null',
  ])('stays a file when selected: %s', (source) => {
    expect(compileCel(source).evaluate(scope)).toBe(file);
    expect(compileTemplate(` {{ ${source} }} `).evaluate(scope)).toBe(file);
  });

  it('stays a file within what the expression makes, and has readable fields', () => {
    const made = compileCel('{"a": [input.invoice], "n": input.invoice.name + "!", "b": input.invoice.bytes}').evaluate(scope);
    expect(findFiles(made)).toMatchObject([{ path: ['a', 0], $file: ID }]);
    expect(made).toMatchObject({ n: 'invoice.pdf!', b: 3 });
    expect(compileTemplate('See {{ input.invoice.name }}').evaluate(scope)).toBe('See invoice.pdf');
    const described = compileCel('{"name": input.invoice.name, "type": input.invoice.type, "bytes": input.invoice.bytes, "id": input.invoice.id}').evaluate(
      scope,
    );
    expect(isFileHandle(described)).toBe(false);
  });
});

describe('a packed value', () => {
  it.each([[{ a: [file], b: { $file: ID, ...plain } }], [{ $file: { data: { $file: { data: file } } } }], [{ $file: 1 }], [[{ x: 1 }]]])(
    'comes back as it was: %j',
    (value) => {
      const back = unpackFiles(JSON.parse(JSON.stringify(packFiles(value))));
      expect(JSON.stringify(back)).toBe(JSON.stringify(value));
      expect(findFiles(back)).toEqual(findFiles(value));
    },
  );

  it('is the value itself if it has neither files nor their key', () => {
    const value = { a: [1, { b: null }] };
    expect(packFiles(value)).toBe(value);
    expect(unpackFiles(value)).toBe(value);
  });
});

it('replaces the files of a value, and nothing else', () => {
  const value = { a: file, b: { c: 1 } };
  const mapped = mapFiles(value, ({ name }) => name) as typeof value;
  expect(mapped).toEqual({ a: 'invoice.pdf', b: { c: 1 } });
  expect(mapped.b).toBe(value.b);
  expect(mapFiles(value.b, () => 1)).toBe(value.b);
});
