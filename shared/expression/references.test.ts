import { describe, expect, it } from 'vitest';
import { compileCel } from './cel.ts';

const references = (source: string): string[] =>
  compileCel(source).references.map(
    ({ root, path, optionalFrom, start, end }) => `${[root, ...path].join('.')}${optionalFrom === undefined ? '' : `?${optionalFrom}`}@${start}-${end}`,
  );

describe('references of an expression', () => {
  it.each([
    ['steps.classify.label', ['steps.classify.label@0-20']],
    ['input["first-name"].x', ['input.first-name.x@0-21']],
    ['input.items[0].price', ['input.items@0-11']],
    ['input[steps.a.name].x', ['steps.a.name@6-18', 'input@0-5']],
    ['input.?a.b', ['input.a.b?0@0-10']],
    ['input.a.?b.orValue(vars.c)', ['input.a.b?1@0-10', 'vars.c@19-25']],
    ['input[?"a"]', ['input.a?0@0-11']],
    ['has(input.a.b)', ['input.a.b?1@4-13']],
    ['1 + size("steps.x")', []],
    ['type(input.n) == double', ['input.n@5-12']],
    ['optional.of(input.n)', ['input.n@12-19']],
    ['[input.a, {"k": input.b}]', ['input.a@1-8', 'input.b@16-23']],
    ['input.a ? vars.b : -run.c', ['input.a@0-7', 'vars.b@10-16', 'run.c@20-25']],
  ])('%s', (source, found) => {
    expect(references(source)).toEqual(found);
  });

  it('omit the variables of macros, and only inside them', () => {
    expect(references('input.xs.exists(x, x.a > vars.b)')).toEqual(['input.xs@0-8', 'vars.b@25-31']);
    expect(references('input.xs.map(x, x.ys.filter(y, y > x.z))')).toEqual(['input.xs@0-8']);
    expect(references('input.xs.map(x, x > 1, x.y)')).toEqual(['input.xs@0-8']);
    expect(references('cel.bind(n, input.n, n + m)')).toEqual(['input.n@12-19', 'm@25-26']);
    expect(references('input.xs.all(input, input > 1)')).toEqual(['input.xs@0-8']);
  });

  it('say where each member is', () => {
    expect(compileCel('steps . a["b"]').references[0]?.members).toEqual([
      { start: 8, end: 9 },
      { start: 10, end: 13 },
    ]);
  });
});
