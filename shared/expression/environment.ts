import { Environment, type ParseResult } from '@marcbachmann/cel-js';
import { treeOf } from './cel-tree.ts';
import { registerFunctions } from './function-library.ts';

/** Names are not declared: what a node may name depends on its place in the graph, and graph checks say so in better words. */
const environment = new Environment({
  unlistedVariablesAreDyn: true,
  homogeneousAggregateLiterals: false,
  enableOptionalTypes: true,
  limits: { maxAstNodes: 10_000 },
});
registerFunctions(environment);
boundRuntimeTypes();

interface RuntimeTypes {
  registry: { getListType(item: unknown): unknown };
  debugType(value: unknown): { readonly kind: string };
  debugTypeDeep(value: unknown): unknown;
}

/**
 * The library keeps every type it has ever seen, for ever. It names the type of a value by going into its first elements to the bottom, so
 * data from outside could fill the memory. One level is enough to choose an overload.
 */
function boundRuntimeTypes(): void {
  const probe = treeOf(environment.parse('true'));
  probe.tree.evaluate = (evaluator) => {
    const types = evaluator as RuntimeTypes;
    types.debugTypeDeep = (value) => {
      const type = types.debugType(value);
      if (type.kind !== 'list') return type;
      const [first] = value as Iterable<unknown>;
      return first === undefined ? type : types.registry.getListType(types.debugType(first));
    };
    return true;
  };
  probe.run();
}

/** Reads an expression; throws the library's ParseError. */
export const parse = (source: string): ParseResult => environment.parse(source);

/** Whether a bare name is one of the language's own (`int`, `optional`). */
export const isConstant = (name: string): boolean => environment.hasVariable(name);

/** Names of all functions and macros, the library's and ours. */
export const functionNames = (): string[] =>
  [...new Set(environment.getDefinitions().functions.map((definition) => definition.name))].filter((name) => !name.endsWith('_'));
