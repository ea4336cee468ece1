import { valueAt } from '@switchyard/nodes/io/http/json-path.ts';
import type { Grade, GraderOf } from '@switchyard/shared/contracts/evaluation/graders.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';

/** One output to grade, with the item that it belongs to. `expected` is undefined if the item has none. */
export interface GradedCase {
  readonly input: unknown;
  readonly expected: unknown;
  readonly output: unknown;
}

/** A grader can’t decide: its settings or the expected value don’t fit the output. Its message is shown. */
export class CannotGrade extends Error {
  readonly costMicros: number | null | undefined;
  constructor(message: string, costMicros?: number | null) {
    super(message);
    this.name = 'CannotGrade';
    this.costMicros = costMicros;
  }
}

/** Longer texts are not graded: the time of every grader stays bounded. In characters. */
export const MOST_TEXT = 1_000_000;

const MOST_REASON = 1_000;
const MOST_QUOTED = 120;

/** A grade whose verdict is whether the score reaches `passScore`. */
export const gradeOf = (score: number, reason: string, passScore = 1): Grade => ({
  score,
  verdict: score >= passScore ? 'pass' : 'fail',
  reason: reason.length > MOST_REASON ? `${reason.slice(0, MOST_REASON - 1)}…` : reason,
});

/** A value in a reason, shortened. */
export function quoted(value: unknown): string {
  const text = typeof value === 'string' ? `“${value.slice(0, MOST_QUOTED + 1)}”` : (JSON.stringify(value) ?? 'nothing');
  return text.length > MOST_QUOTED + 2 ? `${text.slice(0, MOST_QUOTED)}…` : text;
}

type Shape = 'an object' | 'a list' | 'text' | 'a number' | 'true or false' | 'nothing';

export function shapeOf(value: unknown): Shape {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number') return 'a number';
  return typeof value === 'boolean' ? 'true or false' : 'an object';
}

const nameOf = (root: string, path: string | undefined): string => (path ? `${root}.${path}` : root);
const article = (root: string, path: string | undefined): string => (path ? nameOf(root, path) : `The ${root}`);

/** The part of the output to grade. Undefined or null: the output lacks it, which is the output’s fault. */
export const outputPart = ({ output }: GradedCase, path: string | undefined): unknown => valueAt(output, path ?? '');

export const missingPart = (path: string | undefined): Grade => gradeOf(0, `${article('output', path)} is missing`);

type Comparing = Pick<GraderOf<'exact'>, 'path' | 'expectedPath'>;

/** The part of the expected value to compare with. Throws CannotGrade if the item has none there. */
export function expectedPart({ expected }: GradedCase, { path, expectedPath = path }: Comparing): unknown {
  if (expected === undefined) throw new CannotGrade('The item has no expected value');
  const found = valueAt(expected, expectedPath ?? '');
  if (found !== undefined) return found;
  const has = isPlainObject(expected) ? `The expected value has no ${expectedPath}` : `The expected value is ${shapeOf(expected)}, without ${expectedPath}`;
  throw new CannotGrade(has);
}

/** The part of the output as text. Undefined if the output lacks it. Throws CannotGrade if the grader should name a field. */
export function outputText(graded: GradedCase, path: string | undefined): string | undefined {
  const value = outputPart(graded, path);
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object') {
    const fields = isPlainObject(value) ? Object.keys(value).slice(0, 5).join(', ') : '';
    throw new CannotGrade(`${article('output', path)} is ${shapeOf(value)}, not text. Choose one of its fields${fields ? `: ${fields}` : ''}`);
  }
  return boundedText(String(value), article('output', path));
}

/** The part of the expected value as text. Throws CannotGrade if it isn’t. */
export function expectedText(graded: GradedCase, grader: Comparing): string {
  const value = expectedPart(graded, grader);
  if (value === null || typeof value === 'object') throw new CannotGrade(`The expected value must be text, not ${shapeOf(value)}`);
  return boundedText(String(value), 'The expected value');
}

function boundedText(text: string, what: string): string {
  if (text.length > MOST_TEXT) throw new CannotGrade(`${what} is longer than ${MOST_TEXT.toLocaleString('en')} characters`);
  return text;
}

export interface Ignoring {
  readonly ignoreCase?: boolean | undefined;
  readonly ignoreSpace?: boolean | undefined;
}

/** A text as it is compared: in the same Unicode form, and without what is ignored. */
export function comparable(text: string, { ignoreCase, ignoreSpace }: Ignoring): string {
  const normal = ignoreSpace ? text.normalize('NFC').replaceAll(/\s+/gu, ' ').trim() : text.normalize('NFC');
  return ignoreCase ? normal.toLowerCase() : normal;
}
