import { Environment, type ParseResult } from '@marcbachmann/cel-js';
import { treeOf } from './cel-tree.ts';
import { registerFunctions } from './function-library.ts';

/** Names are not declared: which ones a node can use depends on its place in the graph, and graph checks explain that better. */
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
 * The library keeps every type it has ever seen. It derives a value's type from its first elements, all the way down, so outside data could
 * fill the memory. One level is enough to choose an overload.
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
