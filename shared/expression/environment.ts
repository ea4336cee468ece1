import { Environment, type ParseResult } from '@marcbachmann/cel-js';
import { type CelNode, treeOf } from './cel-tree.ts';
import { registerFunctions } from './functions/register.ts';
import { visit } from './metering/meter.ts';

/** Names are not declared: which ones a node can use depends on its place in the graph, and graph checks explain that better. */
const environment = new Environment({
  unlistedVariablesAreDyn: true,
  homogeneousAggregateLiterals: false,
  enableOptionalTypes: true,
  limits: { maxAstNodes: 10_000 },
});
registerFunctions(environment);
const probe = treeOf(environment.parse('true'));
probe.tree.evaluate = (evaluator) => {
  boundRuntimeTypes(evaluator as Evaluator);
  countErrors(evaluator as Evaluator);
  return true;
};
probe.run();

/** The library's evaluator, which all expressions share. */
interface Evaluator {
  registry: { getListType(item: unknown): unknown };
  debugType(value: unknown): { readonly kind: string };
  debugTypeDeep(value: unknown): unknown;
  run(node: CelNode, context: unknown): unknown;
  tryEval(node: CelNode, context: unknown): unknown;
}

/**
 * The library keeps every type it has ever seen. It derives a value's type from its first elements, all the way down, so outside data could
 * fill the memory. One level is enough to choose an overload.
 */
function boundRuntimeTypes(evaluator: Evaluator): void {
  evaluator.debugTypeDeep = (value) => {
    const type = evaluator.debugType(value);
    if (type.kind !== 'list') return type;
    const [first] = value as Iterable<unknown>;
    return first === undefined ? type : evaluator.registry.getListType(evaluator.debugType(first));
  };
}

/** Making an error takes this many times as long as visiting an element. */
const ERROR_VISITS = 20;

/**
 * `||`, `&&`, and quantifiers continue after an error in one of their operands, so a loop may make thousands of errors. An exhausted
 * meter ends them: counting the error throws.
 */
function countErrors(evaluator: Evaluator): void {
  evaluator.tryEval = (node, context) => {
    try {
      return evaluator.run(node, context);
    } catch (error) {
      visit(ERROR_VISITS);
      return error;
    }
  };
}

/** Parses an expression. Throws the library's ParseError. */
export const parse = (source: string): ParseResult => environment.parse(source);

/** Whether a bare name belongs to the language (`int`, `optional`). */
export const isConstant = (name: string): boolean => environment.hasVariable(name);

/** Names of all functions and macros, the library's and ours. */
export function functionNames(): readonly string[] {
  names ??= [...new Set(environment.getDefinitions().functions.map((definition) => definition.name))].filter((name) => !name.endsWith('_'));
  return names;
}

let names: readonly string[] | undefined;
