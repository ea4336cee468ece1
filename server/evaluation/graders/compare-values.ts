import { valueAt } from '@switchyard/nodes/io/http/json-path.ts';
import type { Grade, GraderOf } from '@switchyard/shared/contracts/evaluation/graders.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { sameJson } from '@switchyard/shared/same-json.ts';
import { CannotGrade, comparable, expectedPart, type GradedCase, gradeOf, type Ignoring, missingPart, outputPart, quoted, shapeOf } from './graded-case.ts';

/* Graders of values: exact, number, and field by field. */

type Tolerance = GraderOf<'number'>['tolerance'];

interface Comparison extends Ignoring {
  readonly tolerance?: Tolerance | undefined;
}

const isNested = (value: unknown): boolean => typeof value === 'object' && value !== null;

/** Whether the expected value has another shape than the output: an object against a text, a list against an object. */
const differsInShape = (expected: unknown, output: unknown): boolean => (isNested(expected) || isNested(output)) && shapeOf(expected) !== shapeOf(output);

export function gradeExact(grader: GraderOf<'exact'>, graded: GradedCase): Grade {
  const expected = expectedPart(graded, grader);
  const output = outputPart(graded, grader.path);
  if (output === undefined || (output === null && expected !== null)) return missingPart(grader.path);
  if (expected !== null && differsInShape(expected, output))
    throw new CannotGrade(`The expected value is ${shapeOf(expected)}, but the output is ${shapeOf(output)}. Choose the fields to compare`);
  const same = isSame(expected, output, grader);
  return gradeOf(same ? 1 : 0, same ? 'Equal to the expected value' : `Expected ${quoted(expected)}, got ${quoted(output)}`);
}

export function gradeNumber(grader: GraderOf<'number'>, graded: GradedCase): Grade {
  const expected = toNumber(expectedPart(graded, grader));
  if (expected === undefined) throw new CannotGrade(`The expected value must be a number, not ${quoted(expectedPart(graded, grader))}`);
  const output = outputPart(graded, grader.path);
  if (output === undefined || output === null) return missingPart(grader.path);
  const got = toNumber(output);
  if (got === undefined) return gradeOf(0, `Expected a number, got ${quoted(output)}`);
  const close = isClose(expected, got, grader.tolerance);
  const off = `${got} is ${Number(Math.abs(got - expected).toPrecision(6))} from the expected ${expected}`;
  return gradeOf(close ? 1 : 0, close ? `${off}, within the tolerance` : `${off}, more than the tolerance`);
}

export function gradeFields(grader: GraderOf<'fields'>, graded: GradedCase): Grade {
  const expected = expectedPart(graded, grader);
  if (!isPlainObject(expected)) throw new CannotGrade(`The expected value must be an object to compare by field, not ${shapeOf(expected)}`);
  const output = outputPart(graded, grader.path);
  if (output === undefined || output === null) return missingPart(grader.path);
  if (!isPlainObject(output)) throw new CannotGrade(`The output must be an object to compare by field, not ${shapeOf(output)}`);
  const fields: NonNullable<typeof grader.fields> = grader.fields ?? leavesOf(expected).map((path) => ({ path }));
  if (fields.length === 0) throw new CannotGrade('The expected value has no fields');
  const wrong: string[] = [];
  let right = 0;
  let total = 0;
  for (const { path, weight = 1, ...comparison } of fields) {
    const wanted = valueAt(expected, path);
    if (wanted === undefined) throw new CannotGrade(`The expected value has no ${path}`);
    const got = valueAt(output, path);
    total += weight;
    if (isSame(wanted, got, comparison)) right += weight;
    else wrong.push(`${path}: expected ${quoted(wanted)}, got ${quoted(got)}`);
  }
  const reason = wrong.length === 0 ? `All ${fields.length} fields match` : wrong.join('; ');
  return gradeOf(wrong.length === 0 ? 1 : right / total, reason, grader.passScore);
}

/** More fields are compared by naming them. */
const MOST_LEAVES = 200;

/** The paths of all values of an object. A list counts as one value, and so does a field whose name can’t be in a path. */
function leavesOf(value: Record<string, unknown>): string[] {
  const leaves: string[] = [];
  const collect = (object: Record<string, unknown>, before: string): void => {
    for (const [name, inner] of Object.entries(object)) {
      if (/[.[\]]/.test(name) || name === '') throw new CannotGrade(`The field “${name}” of the expected value can’t be named by a path`);
      if (isPlainObject(inner) && Object.keys(inner).length > 0) collect(inner, `${before}${name}.`);
      else if (leaves.push(`${before}${name}`) > MOST_LEAVES)
        throw new CannotGrade(`The expected value has more than ${MOST_LEAVES} fields. Name those to compare`);
    }
  };
  collect(value, '');
  return leaves;
}

function isSame(expected: unknown, output: unknown, comparison: Comparison): boolean {
  if (comparison.tolerance) {
    const [wanted, got] = [toNumber(expected), toNumber(output)];
    return wanted !== undefined && got !== undefined && isClose(wanted, got, comparison.tolerance);
  }
  if (typeof expected === 'string' && typeof output === 'string') return comparable(expected, comparison) === comparable(output, comparison);
  return sameJson(expected, output);
}

/** A number, or the text of one, as models and forms often return it. */
function toNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.length > 40 || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** Whether a number is close enough: by the absolute difference, or relative to the expected number. */
const isClose = (expected: number, got: number, { absolute, relative }: Tolerance): boolean => {
  const off = Math.abs(got - expected);
  return off <= (absolute ?? -1) || (relative !== undefined && off <= relative * Math.abs(expected));
};
