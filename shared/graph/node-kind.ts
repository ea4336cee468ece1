import type { JsonSchema } from '../json.ts';

/**
 * What a step does to the world, which decides what may happen after it was cut off (design, ground rules of the engine).
 * `pure`: nothing. `idempotent`: doing it twice is doing it once. `keyed`: the other side dedupes by our Idempotency-Key.
 * `unsafe`: must never be repeated silently.
 */
export type Effect = 'pure' | 'idempotent' | 'keyed' | 'unsafe';

export interface Port {
  readonly id: string;
  /** Words beside the port; left out where the port is the only one. */
  readonly label?: string;
  /** Leaving it unwired is a problem of severity `error` (S13). */
  readonly mustWire?: boolean;
}

export interface Ports {
  readonly inputs: readonly Port[];
  /** Without the `error` port, which the policy `onError: branch` adds. */
  readonly outputs: readonly Port[];
}

export type FieldPath = readonly (string | number)[];

/** One place in a node's params that holds an expression. */
export interface ExpressionField {
  readonly path: FieldPath;
  /** `template`: text with {{ }}, filled before the node runs. `cel`: one CEL expression, evaluated by the node itself. */
  readonly kind: 'template' | 'cel';
  readonly source: string;
  /** `url`: values put between other text are percent-encoded (S26). */
  readonly encode?: 'url';
}

export interface ParamIssue {
  readonly path: FieldPath;
  readonly message: string;
  readonly suggestion?: string;
  /** `error` where it is left out. */
  readonly severity?: 'error' | 'warning';
}

/** What graph checks and the engine's plan need to know of a node type; `NodeDefinition` in nodes/sdk has it all. */
export interface NodeKind {
  readonly type: string;
  readonly version: number;
  readonly title: string;
  /** `start`: begins the run. `end`: its value is the run's output. `note`: never runs. */
  readonly role: 'start' | 'step' | 'end' | 'note';
  ports(params: unknown): Ports;
  /** JSON Schema of `steps.<key>`. */
  output(params: unknown): JsonSchema;
  /** The out-port that an output of the node means, for a node with several; undefined when it means none. */
  portOf?(params: unknown, output: unknown): string | undefined;
  effect(params: unknown): Effect;
  /** Waits for the first live way in instead of all (S6; merge alone). */
  joinsFirst(params: unknown): boolean;
  /** Those in use; with `all` also those in fields that other params have put aside, such as the form of a request that sends JSON. */
  expressions(params: unknown, which?: 'used' | 'all'): ExpressionField[];
  /** What is wrong with the params, apart from their expressions. Empty when they can run. */
  check(params: unknown): ParamIssue[];
  /** Brings params of an older version to this one. Left out where there is none. */
  migrate?(params: unknown, fromVersion: number): unknown;
}

/** Looks a node type up; undefined when it is unknown here. */
export type NodeCatalog = (type: string) => NodeKind | undefined;
