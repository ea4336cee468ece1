import type { Environment } from '@marcbachmann/cel-js';
import { EXPRESSION_FUNCTIONS } from './catalog.ts';

const ARITHMETIC: Record<string, (a: number, b: number) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
};

/** Registers the functions and operators in an environment. */
export function registerFunctions(environment: Environment): void {
  for (const { overloads = {} } of EXPRESSION_FUNCTIONS) {
    for (const [signature, handler] of Object.entries(overloads))
      environment.registerFunction(signature, handler as (...args: unknown[]) => unknown, { async: false });
  }
  environment.registerOperator('double % double', (a: number, b: number) => a % b);
  // The parts of a time (`getHours()`) are still integers, and they mix with our doubles.
  for (const [operator, apply] of Object.entries(ARITHMETIC)) {
    environment.registerOperator(`int ${operator} double: double`, (a: bigint, b: number) => apply(Number(a), b));
    environment.registerOperator(`double ${operator} int: double`, (a: number, b: bigint) => apply(a, Number(b)));
  }
  environment.registerOperator('int == double', (a: bigint, b: number) => Number(a) === b);
}
