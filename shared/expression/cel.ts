import { AppError } from '../errors.ts';
import { cachedByText } from './cached-by-text.ts';
import { type Parsed, treeOf } from './cel-tree.ts';
import type { Scope } from './create-scope.ts';
import { enterStep } from './current-step.ts';
import { isConstant, parse } from './environment.ts';
import { type CelError, explainSyntax, isCelError } from './explain.ts';
import { explainFailure, missingInput } from './explain-failure.ts';
import { checkMeter, startMeter, stopMeter } from './metering/meter.ts';
import { meterTree } from './metering/meter-tree.ts';
import { originsOf } from './origins.ts';
import { prepareTree } from './prepare-tree.ts';
import { type Reference, referencesIn } from './references.ts';
import { ExpressionSyntaxError } from './syntax-error.ts';
import { toPlain } from './to-plain.ts';

/** A compiled CEL expression. */
export interface CompiledExpression {
  readonly source: string;
  readonly references: readonly Reference[];
  /** The references whose values may be in the result. */
  readonly origins: readonly Reference[];
  /** Returns plain JSON. Objects that only pass through are shared with the scope's data. Throws AppError `expression-failed`. */
  evaluate(scope: Scope): unknown;
}

/** A character of an expression takes up to 300 bytes once it is compiled, so this is at most 12 MB. */
const MOST_CHARACTERS = 40_000;

/** Compiles an expression, cached. Numbers are always doubles, as in JSON: `1 / 2` is 0.5. Throws ExpressionSyntaxError. */
export const compileCel: (source: string) => CompiledExpression = cachedByText({ max: 2_000, maxSize: MOST_CHARACTERS }, (source) =>
  withinStack(source, compile),
);

/** The references of an expression. Its types may be wrong as long as it parses. Throws ExpressionSyntaxError. */
export const referencesOf = (source: string): readonly Reference[] => withinStack(source, (text) => referencesIn(read(text).tree, isConstant));

/** An expression nested so deeply that it overflows the stack is rejected like any other mistake. */
function withinStack<T>(source: string, work: (source: string) => T): T {
  try {
    return work(source);
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    throw new ExpressionSyntaxError('The expression is too long or too deeply nested', 0, source.length, 'Split it into several steps.');
  }
}

function compile(source: string): CompiledExpression {
  const { tree, run } = read(source);
  const references = referencesIn(tree, isConstant);
  const origins = originsOf(tree, isConstant);
  prepareTree(tree);
  const checked = run.check();
  // The type check catches its own stack overflow.
  if (!checked.valid) throw isCelError(checked.error) ? syntaxError(checked.error, source) : checked.error;
  meterTree(tree);
  return { source, references, origins, evaluate: (scope) => evaluate(run, source, scope) };
}

function read(source: string): Parsed {
  try {
    return treeOf(parse(source));
  } catch (thrown) {
    if (source.includes('{{')) {
      const start = source.indexOf('{{');
      throw new ExpressionSyntaxError('This field is already an expression, so it needs no {{ }}', start, start + 2, 'Remove the {{ and }}.');
    }
    if (isCelError(thrown)) throw syntaxError(thrown, source);
    throw thrown;
  }
}

function syntaxError(error: CelError, source: string): ExpressionSyntaxError {
  const { start, end } = error.range ?? { start: 0, end: source.length };
  const { message, suggestion } = explainSyntax(error, source, source.slice(start, end));
  return new ExpressionSyntaxError(message, start, end, suggestion);
}

function evaluate(run: Parsed['run'], source: string, scope: Scope): unknown {
  startMeter(scope.meter);
  enterStep(scope.step);
  try {
    const value: unknown = run(scope.values as unknown as Record<string, unknown>);
    checkMeter();
    return toPlain(value);
  } catch (thrown) {
    const missing = missingInput(thrown, source);
    const details = { expression: source, ...(missing !== undefined && { missingInput: missing }) };
    throw new AppError('expression-failed', explainFailure(thrown, source), { details, cause: thrown });
  } finally {
    stopMeter();
  }
}
