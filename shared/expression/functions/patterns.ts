import { ExpressionFault } from '../expression-fault.ts';
import { visit, visitOnce } from '../metering/meter.ts';
import { linearPattern, MOST_STEPS } from '../patterns/linear-pattern.ts';
import { stepsOf } from '../patterns/pattern-steps.ts';
import { defineFunctions } from './define.ts';
import { shorten } from './shorten.ts';

/** Compiling one step of a regular expression takes this many times as long as visiting an element. */
const VISITS_PER_STEP = 4;
/** This many steps of a regular expression, each for one character, take as long as visiting an element. */
const MATCHES_PER_VISIT = 40;
/**
 * The maximum memory of the states of one pattern, in bytes. Filling the library's default of 8 MB also takes long, once for each new text.
 */
const MOST_STATES = 128_000;

function matches(text: string, source: string): boolean {
  const steps = Math.min(stepsOf(source), MOST_STEPS);
  visitOnce(source, VISITS_PER_STEP * steps + Math.floor(source.length / 4));
  visit(Math.floor((text.length * steps) / MATCHES_PER_VISIT));
  try {
    const pattern = linearPattern(source);
    const { dfa } = pattern.re2();
    if (dfa.stateBudget > MOST_STATES) dfa.stateBudget = dfa.memBudget = MOST_STATES;
    return pattern.test(text);
  } catch (cause) {
    throw new ExpressionFault(`“${shorten(source)}” is not a valid regular expression: ${shorten(cause instanceof Error ? cause.message : String(cause))}`);
  }
}

export const patternFunctions = defineFunctions('Regular expressions', [
  {
    signature: 'text.matches(pattern)',
    doc: 'Whether the text matches the regular expression (RE2).',
    example: '"Invoice 42".matches("(?i)invoice\\\\s+\\\\d+")',
    result: true,
    visits: 2,
    overloads: { 'string.matches_(string): bool': matches, 'matches_(string, string): bool': matches },
  },
]);
