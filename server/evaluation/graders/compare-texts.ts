import type { Grade, GraderOf } from '@switchyard/shared/contracts/evaluation/graders.ts';
import { linearPattern } from '@switchyard/shared/expression/patterns/linear-pattern.ts';
import { stepsOf } from '@switchyard/shared/expression/patterns/pattern-steps.ts';
import { validateJson } from '@switchyard/shared/json-schema/validate.ts';
import {
  CannotGrade,
  comparable,
  expectedPart,
  expectedText,
  type GradedCase,
  gradeOf,
  MOST_TEXT,
  missingPart,
  outputPart,
  outputText,
  quoted,
  shapeOf,
} from './graded-case.ts';
import { includesText } from './includes-text.ts';

/* Graders of texts: contains, pattern, similarity. And of the form of a value: schema. */

/** A generator, so that 50 long texts share the event loop: it pauses after each. */
export function* gradeContains(grader: GraderOf<'contains'>, graded: GradedCase): Generator<void, Grade> {
  const values = grader.values ?? expectedTexts(grader, graded);
  const output = outputText(graded, grader.path);
  if (output === undefined) return missingPart(grader.path);
  const text = comparable(output, grader);
  const found: string[] = [];
  for (const value of values) {
    yield;
    if (includesText(text, comparable(value, grader))) found.push(value);
  }
  const listed = (some: readonly string[]): string => some.map(quoted).join(', ');
  if (grader.match === 'none') return gradeOf(found.length === 0 ? 1 : 0, found.length === 0 ? 'Contains none of them' : `Contains ${listed(found)}`);
  if (grader.match === 'any') return gradeOf(found.length > 0 ? 1 : 0, found.length > 0 ? `Contains ${listed(found)}` : `Contains none of ${listed(values)}`);
  const missing = values.filter((value) => !found.includes(value));
  return gradeOf(found.length / values.length, missing.length === 0 ? `Contains ${listed(values)}` : `Doesn’t contain ${listed(missing)}`);
}

const MOST_EXPECTED_TEXTS = 50;

/** The expected text, or list of texts. */
function expectedTexts(grader: GraderOf<'contains'>, graded: GradedCase): string[] {
  const expected = expectedPart(graded, grader);
  if (!Array.isArray(expected)) return [expectedText(graded, grader)];
  if (expected.length === 0 || expected.length > MOST_EXPECTED_TEXTS || !expected.every((one) => typeof one === 'string' && one.length <= MOST_TEXT))
    throw new CannotGrade(`The expected list must have 1 to ${MOST_EXPECTED_TEXTS} texts`);
  return expected;
}

/** Steps of the pattern times characters of the text: about a second. */
const MOST_MATCHING = 20_000_000;

export function gradePattern({ pattern: source, path, match }: GraderOf<'pattern'>, graded: GradedCase): Grade {
  const text = outputText(graded, path);
  if (text === undefined) return missingPart(path);
  if ((stepsOf(source) + 1) * text.length > MOST_MATCHING) throw new CannotGrade('The output is too long for this pattern');
  const found = compiled(source).matcher(text).find();
  return gradeOf(found === (match === 'found') ? 1 : 0, found ? 'The pattern matches' : 'The pattern doesn’t match');
}

function compiled(source: string) {
  try {
    return linearPattern(source);
  } catch (thrown) {
    throw new CannotGrade(`The pattern is invalid: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
}

export function gradeSchema({ schema, path }: GraderOf<'schema'>, graded: GradedCase): Grade {
  const output = outputPart(graded, path);
  if (output === undefined) return missingPart(path);
  const errors = validateJson(schema, output);
  const told = errors.slice(0, 5).map((error) => `${error.path === '' ? shapeOf(output) : error.path} ${error.message}`);
  return gradeOf(errors.length === 0 ? 1 : 0, errors.length === 0 ? 'Matches the schema' : told.join('; '));
}

/** In characters: about 50 ms at most. */
const MOST_COMPARED = 50_000;

export function gradeSimilarity(grader: GraderOf<'similarity'>, graded: GradedCase): Grade {
  const expected = expectedText(graded, grader);
  const output = outputText(graded, grader.path);
  if (output === undefined) return missingPart(grader.path);
  if (Math.max(expected.length, output.length) > MOST_COMPARED)
    throw new CannotGrade(`Texts over ${MOST_COMPARED.toLocaleString('en')} characters are not compared`);
  const score = similarity(expected, output);
  return gradeOf(score, `${Math.floor(score * 100)}% similar to the expected text`, grader.passScore);
}

/**
 * How similar two texts are, from 0 to 1: the Sørensen–Dice coefficient of their multisets of sequences of three characters, after case and
 * repeated spaces are ignored. Takes linear time.
 */
function similarity(a: string, b: string): number {
  const options = { ignoreCase: true, ignoreSpace: true };
  const [first, second] = [comparable(a, options), comparable(b, options)];
  if (first === second) return 1;
  if (first === '' || second === '') return 0;
  const counts = new Map<number, number>();
  for (const one of trigrams(first)) counts.set(one, (counts.get(one) ?? 0) + 1);
  let shared = 0;
  for (const one of trigrams(second)) {
    const left = counts.get(one) ?? 0;
    if (left === 0) continue;
    counts.set(one, left - 1);
    shared++;
  }
  return (2 * shared) / (first.length + second.length);
}

const UNIT = 0x10000;
const SPACE = 0x20;

/** Each sequence of three code units as one number, with a space before and after the text: as many as the text has units. */
function* trigrams(text: string): Generator<number> {
  let before = SPACE;
  let at = text.charCodeAt(0);
  for (let index = 1; index <= text.length; index++) {
    const next = index < text.length ? text.charCodeAt(index) : SPACE;
    yield (before * UNIT + at) * UNIT + next;
    before = at;
    at = next;
  }
}
