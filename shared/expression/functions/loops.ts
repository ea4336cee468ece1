/*
 * Functions that evaluate an expression for each item of a list, such as `list.sortBy(x, x.price)`. Like the macros of the library, they
 * keep their arguments in the tree, so references and the meter treat both alike (cel-tree.ts).
 */
import { ParseError } from '@marcbachmann/cel-js';
import type { CelNode, Comprehension } from '../cel-tree.ts';
import { ExpressionFault } from '../expression-fault.ts';
import { visitDeep } from '../metering/visit-deep.ts';
import { defineFunctions, type Overloads } from './define.ts';
import { compareKeys, markOf } from './lists.ts';
import { numberIn } from './numbers.ts';

type List = readonly unknown[];
/** Computes the result from the items and the value of the expression for each of them. */
type Finish = (items: List, values: List) => unknown;

/** The library's context of a loop. */
interface LoopContext {
  forkWithVariable(name: string, type: unknown): LoopContext;
  reuse(outer: LoopContext): LoopContext;
  setIterValue(value: unknown, evaluator: Evaluator): LoopContext;
}
interface Evaluator {
  run(node: CelNode, context: LoopContext): unknown;
}
interface Checker {
  readonly dynType: unknown;
  check(node: CelNode, context: LoopContext): unknown;
}
interface Loop extends Comprehension {
  inner?: LoopContext;
}

interface Call {
  readonly args: readonly [CelNode, CelNode];
  readonly receiver: CelNode;
  readonly methodName: string;
}

const forEachItem =
  (finish: Finish) =>
  ({ args: [variable, step], receiver: iterable, methodName }: Call) => {
    if (variable.op !== 'id')
      throw new ParseError({ code: 'invalid_macro_argument', message: `${methodName}(var, value) invalid iteration variable`, node: variable } as never);
    return {
      iterable,
      step,
      async: false,
      typeCheck(checker: Checker, loop: Loop, context: LoopContext): unknown {
        checker.check(iterable, context);
        loop.inner = context.forkWithVariable(variable.args as string, checker.dynType);
        checker.check(step, loop.inner);
        return checker.dynType;
      },
      evaluate(evaluator: Evaluator, loop: Loop, context: LoopContext): unknown {
        const items = evaluator.run(iterable, context);
        if (!Array.isArray(items)) throw new ExpressionFault(`${methodName}() needs a list`);
        const inner = loop.inner?.reuse(context) ?? context;
        const values = (items as List).map((item) => evaluator.run(step, inner.setIterValue(item, evaluator)));
        return finish(items as List, values);
      },
    };
  };

const loop = (name: string, finish: Finish): Overloads => ({ [`list.${name}(ast, ast): dyn`]: forEachItem(finish) });

/** A value as the name of a field. */
function nameOf(value: unknown, called: string): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new ExpressionFault(`${called}() needs a text, a number, or true or false for each item`);
}

function sortBy(items: List, values: List): List {
  visitDeep(values);
  const compare = compareKeys(values, 'sortBy');
  const order = Array.from(values.keys()).sort((a, b) => compare(values[a], values[b]));
  return order.map((at) => items[at]);
}

function groupBy(items: List, values: List): ReadonlyMap<string, unknown[]> {
  visitDeep(values);
  const groups = new Map<string, unknown[]>();
  for (const [at, item] of items.entries()) {
    const name = nameOf(values[at], 'groupBy');
    const group = groups.get(name);
    if (group) group.push(item);
    else groups.set(name, [item]);
  }
  return groups;
}

function countBy(_items: List, values: List): ReadonlyMap<string, number> {
  visitDeep(values);
  const counts = new Map<string, number>();
  for (const value of values) {
    const name = nameOf(value, 'countBy');
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

function keyBy(items: List, values: List): ReadonlyMap<string, unknown> {
  visitDeep(values);
  return new Map(items.map((item, at) => [nameOf(values[at], 'keyBy'), item]));
}

function uniqueBy(items: List, values: List): List {
  visitDeep(values);
  const seen = new Set<unknown>();
  return items.filter((_, at) => {
    const mark = markOf(values[at]);
    return !seen.has(mark) && seen.add(mark);
  });
}

const sumBy: Finish = (_, values) => values.reduce<number>((sum, value) => sum + numberIn(value, 'sumBy'), 0);

const extremeBy =
  (name: 'minBy' | 'maxBy'): Finish =>
  (items, values) => {
    if (items.length === 0) throw new ExpressionFault(`${name}() needs a list that isn’t empty`);
    visitDeep(values);
    const compare = compareKeys(values, name);
    const isBetter = (a: unknown, b: unknown): boolean => (name === 'minBy' ? compare(a, b) < 0 : compare(a, b) > 0);
    return items[values.reduce<number>((best, value, at) => (isBetter(value, values[best]) ? at : best), 0)];
  };

const PEOPLE = '[{"name": "Ada", "team": "a", "age": 36}, {"name": "Bo", "team": "b", "age": 29}]';

export const loopFunctions = defineFunctions('Lists', [
  { signature: 'list.exists(x, condition)', doc: 'Whether the condition is true for at least one item.', example: '[1, 5].exists(x, x > 3)', result: true },
  { signature: 'list.all(x, condition)', doc: 'Whether the condition is true for every item.', example: '[1, 5].all(x, x > 3)', result: false },
  { signature: 'list.filter(x, condition)', doc: 'The items for which the condition is true.', example: '[1, 5, 7].filter(x, x > 3)', result: [5, 7] },
  { signature: 'list.map(x, value)', doc: 'A list of the value for each item.', example: '[1, 2].map(x, x * 10)', result: [10, 20] },
  {
    signature: 'list.sortBy(x, value)',
    doc: 'The items in ascending order of the value. For numbers, -x.price sorts in descending order.',
    example: `${PEOPLE}.sortBy(x, x.age).map(x, x.name)`,
    result: ['Bo', 'Ada'],
    overloads: loop('sortBy', sortBy),
  },
  {
    signature: 'list.groupBy(x, value)',
    doc: 'An object with a list of items for each value.',
    example: '[1, 2, 3].groupBy(x, x > 1 ? "large" : "small")',
    result: { small: [1], large: [2, 3] },
    overloads: loop('groupBy', groupBy),
  },
  {
    signature: 'list.countBy(x, value)',
    doc: 'An object with the number of items for each value.',
    example: '["a", "b", "a"].countBy(x, x)',
    result: { a: 2, b: 1 },
    overloads: loop('countBy', countBy),
  },
  {
    signature: 'list.keyBy(x, value)',
    doc: 'An object with the item for each value. For equal values, the last item.',
    example: `${PEOPLE}.keyBy(x, x.name).Bo.age`,
    result: 29,
    overloads: loop('keyBy', keyBy),
  },
  {
    signature: 'list.uniqueBy(x, value)',
    doc: 'The first item for each value.',
    example: '["Ada", "Al", "Bo"].uniqueBy(x, x.substring(0, 1))',
    result: ['Ada', 'Bo'],
    overloads: loop('uniqueBy', uniqueBy),
  },
  {
    signature: 'list.sumBy(x, value)',
    doc: 'The sum of the value over all items.',
    example: `${PEOPLE}.sumBy(x, x.age)`,
    result: 65,
    overloads: loop('sumBy', sumBy),
  },
  {
    signature: 'list.minBy(x, value)',
    doc: 'The item with the smallest value.',
    example: `${PEOPLE}.minBy(x, x.age).name`,
    result: 'Bo',
    overloads: loop('minBy', extremeBy('minBy')),
  },
  {
    signature: 'list.maxBy(x, value)',
    doc: 'The item with the largest value.',
    example: `${PEOPLE}.maxBy(x, x.age).name`,
    result: 'Ada',
    overloads: loop('maxBy', extremeBy('maxBy')),
  },
]);
