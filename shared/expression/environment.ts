import { Environment, type ParseResult } from '@marcbachmann/cel-js';
import { registerFunctions } from './function-library.ts';

/** Names are not declared: what a node may name depends on its place in the graph, and graph checks say so in better words. */
const environment = new Environment({
  unlistedVariablesAreDyn: true,
  homogeneousAggregateLiterals: false,
  enableOptionalTypes: true,
  limits: { maxAstNodes: 10_000 },
});
registerFunctions(environment);

/** Reads an expression; throws the library's ParseError. */
export const parse = (source: string): ParseResult => environment.parse(source);

/** Whether a bare name is one of the language's own (`int`, `optional`). */
export const isConstant = (name: string): boolean => environment.hasVariable(name);

/** Names of all functions and macros, the library's and ours. */
export const functionNames = (): string[] =>
  [...new Set(environment.getDefinitions().functions.map((definition) => definition.name))].filter((name) => !name.endsWith('_'));
