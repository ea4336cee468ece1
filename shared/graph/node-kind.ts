import type { ExpressionKind } from '../expression/rewrite-key.ts';
import type { JsonSchema } from '../json.ts';

/**
 * What a step does to the outside world. Decides what may happen after it was interrupted (design, ground rules of the engine).
 * `pure`: nothing. `idempotent`: repeating it changes nothing. `keyed`: the receiver deduplicates by our Idempotency-Key.
 * `unsafe`: must never be repeated silently.
 */
export type Effect = 'pure' | 'idempotent' | 'keyed' | 'unsafe';

export interface Port {
  readonly id: string;
  /** Text next to the port. Omitted if the port is the only one. */
  readonly label?: string;
  /** Leaving it unconnected is a problem of severity `error` (S13). */
  readonly mustConnect?: boolean;
  /** Without an edge, the step fails instead of taking this port. */
  readonly failsUnconnected?: boolean;
}

export interface Ports {
  readonly inputs: readonly Port[];
  /** Without the `error` port, which the policy `onError: branch` adds. */
  readonly outputs: readonly Port[];
}

export type FieldPath = readonly (string | number)[];

/** `url`: values placed between other text are percent-encoded (S26). `data`: values from outside are marked as data (S53b). */
export type Encoding = 'url' | 'data';

/** A place in a node's params that holds an expression. */
export interface ExpressionField {
  readonly path: FieldPath;
  /** Templates are filled before the node runs. The node evaluates the others. */
  readonly kind: ExpressionKind;
  readonly source: string;
  readonly encode?: Encoding;
  /** Of a container: evaluated once per item, in the item’s scope. */
  readonly inside?: true;
}

export interface ParamIssue {
  readonly path: FieldPath;
  readonly message: string;
  readonly suggestion?: string;
  /** `error` if omitted. */
  readonly severity?: 'error' | 'warning';
}

/** What graph checks and the engine's plan need to know about a node type. `NodeDefinition` in nodes/sdk has the rest. */
export interface NodeKind {
  readonly type: string;
  readonly version: number;
  readonly title: string;
  /** `start`: starts the run. `end`: its value is the run's output. `container`: runs the nodes in it once per item. `note`: never runs. */
  readonly role: 'start' | 'step' | 'end' | 'container' | 'note';
  ports(params: unknown): Ports;
  /** JSON Schema of `steps.<key>`. `promptSchema`: the output schema of the registry prompt that the params name, if it is known and has one. */
  output(params: unknown, promptSchema?: JsonSchema): JsonSchema;
  /** The output port that an output selects, for a node with several. Undefined if it selects none. */
  portOf?(params: unknown, output: unknown): string | undefined;
  effect(params: unknown): Effect;
  /** Waits for the first live input instead of all (S6). Only Merge does. */
  joinsFirst(params: unknown): boolean;
  /** Fields in use. With `all`, also those that other params disable, such as the form of a request that sends JSON. */
  expressions(params: unknown, which?: 'used' | 'all'): ExpressionField[];
  /** Problems of the params, except in their expressions. Empty if they can run. */
  check(params: unknown): ParamIssue[];
  /** Migrates params of an older version to this one. Omitted if there is no older version. */
  migrate?(params: unknown, fromVersion: number): unknown;
}

/** Looks up a node type. Undefined if unknown here. */
export type NodeCatalog = (type: string) => NodeKind | undefined;
