import type { AppError } from '@switchyard/shared/errors.ts';
import type { Effect, ExpressionField, NodeKind, ParamIssue, Ports } from '@switchyard/shared/graph/node-kind.ts';
import type { JsonSchema } from '@switchyard/shared/json.ts';
import type { OnItemError, Reply, ReviewTask, Wait, WaitEnd } from '@switchyard/shared/run/events.ts';
import type { z } from 'zod';
import type { Arrival, NodeContext } from './context.ts';
import { expressionFields } from './expression-fields.ts';
import type { IconName } from './icons.ts';
import { paramIssues } from './param-issues.ts';
import { readParams } from './read-params.ts';

export type Category = 'flow' | 'ai' | 'data' | 'tools' | 'people';

/** How a step asks to be woken: by a person, by time, or by another system. */
export type WaitRequest =
  /** `continues`: the review of an earlier wait of this step continues under its ID, with this task. */
  | { readonly kind: 'review'; readonly task: ReviewTask; readonly dueAt?: string; readonly continues?: string }
  /** `wallClock`: until a time of day, so it follows changes of the clock. Otherwise it is a span of elapsed time (S88). */
  | { readonly kind: 'timer'; readonly dueAt: string; readonly wallClock?: true }
  /** The end of a child run that this step started (S38). */
  | { readonly kind: 'run'; readonly runId: string }
  /** A request to the callback URL of this step. */
  | { readonly kind: 'callback'; readonly dueAt?: string };

export type NodeResult =
  | {
      readonly kind: 'done';
      readonly output: unknown;
      readonly port?: string;
      readonly reply?: Reply;
      /** The error of the step if nothing is connected to `port`. */
      readonly orFail?: AppError;
    }
  | { readonly kind: 'wait'; readonly wait: WaitRequest }
  /** A container runs the nodes in it once per item (S32). */
  | { readonly kind: 'each'; readonly items: readonly unknown[]; readonly concurrency: number; readonly onItemError: OnItemError };

/** The step is finished. `port` names the live output port; without it, all are live. */
export const done = (output: unknown, more: { port?: string; reply?: Reply; orFail?: AppError } = {}): NodeResult => ({ kind: 'done', output, ...more });
/** The step waits. Nothing of it stays in memory, and `resume` continues it. */
export const waitFor = (wait: WaitRequest): NodeResult => ({ kind: 'wait', wait });

/** The nodes in the container run once per item. Its output is then an object `{items, failed, count, succeeded}` (S35). */
export const each = (items: readonly unknown[], limits: { concurrency: number; onItemError: OnItemError }): NodeResult => ({ kind: 'each', items, ...limits });

/** How a wait ended. */
export interface Resolution {
  readonly wait: Wait;
  readonly by: WaitEnd;
  readonly value: unknown;
}

export interface NodeCall<P> {
  /** Validated params with every `template` field filled in. */
  readonly params: P;
  /** The values that arrived on live edges, in the order of the edges. */
  readonly input: readonly Arrival[];
  readonly context: NodeContext;
}

/** One node type: everything the canvas, checks, engine, and API know about it. */
export interface NodeDefinition<S extends z.ZodObject = z.ZodObject> extends NodeKind {
  readonly icon: IconName;
  readonly category: Category;
  /** One line for the palette: what it does. */
  readonly summary: string;
  /** Synonyms for search, lowercase. */
  readonly keywords: readonly string[];
  /** Markdown for the Help tab. */
  readonly help: string;
  readonly params: S;
  /** Params of a new node; they must pass the schema. */
  readonly defaults: z.input<S>;
  /** Params of a configured node: shown in its help, and run by the conformance suite. */
  readonly example: z.input<S>;
  /** One line for the card: what this node does. `**bold**` is shown in bold. */
  line(params: unknown): string;
  /** Migrates params of an older version to this one. */
  migrate(params: unknown, fromVersion: number): unknown;
  readonly work: Work<S>;
  /** Of a container: the template for the result of an item. Empty for the output of the last node in it (S35). */
  itemResult(params: unknown): string;
  /** Of a container: results that are lists are joined into one (S35). */
  joinsResults(params: unknown): boolean;
  /** Continues after a wait. */
  resume?(call: NodeCall<z.output<S>> & { readonly resolution: Resolution }): NodeResult;
}

/** The work of a node: computed synchronously without any calls (`compute`), or asynchronous (`run`). */
export type Work<S extends z.ZodObject = z.ZodObject> =
  | { readonly kind: 'inline'; compute(call: NodeCall<z.output<S>>): NodeResult }
  | { readonly kind: 'awaited'; run(call: NodeCall<z.output<S>>): Promise<NodeResult> };

interface NodeParts<S extends z.ZodObject> {
  readonly type: string;
  readonly version: number;
  readonly title: string;
  readonly icon: IconName;
  readonly category: Category;
  readonly summary: string;
  /** Synonyms for search, lowercase. */
  readonly keywords?: readonly string[];
  readonly help: string;
  readonly role?: NodeKind['role'];
  readonly params: S;
  readonly defaults: z.input<S>;
  readonly example: z.input<S>;
  line(params: z.output<S>): string;
  ports?(params: z.output<S>): Ports;
  output?(params: z.output<S>, promptSchema?: JsonSchema): JsonSchema;
  /** The output port that an output selects, for a node with several: used when an error is replaced with that output. */
  portOf?(params: z.output<S>, output: unknown): string | undefined;
  effect?(params: z.output<S>): Effect;
  joinsFirst?(params: z.output<S>): boolean;
  /** Of a container: the template for the result of an item. */
  itemResult?(params: z.output<S>): string;
  /** Of a container: results that are lists are joined into one. */
  joinsResults?(params: z.output<S>): boolean;
  /** Checks beyond the schema. */
  check?(params: z.output<S>): ParamIssue[];
  migrate?(params: unknown, fromVersion: number): unknown;
  /** Continues after a wait. */
  resume?(call: NodeCall<z.output<S>> & { readonly resolution: Resolution }): NodeResult;
}

/** The parts of a node type: `compute` if its work is inline, otherwise `run`. */
export type NodeSpec<S extends z.ZodObject> = NodeParts<S> &
  (
    | { compute(call: NodeCall<z.output<S>>): NodeResult; readonly run?: undefined }
    | { run(call: NodeCall<z.output<S>>): Promise<NodeResult>; readonly compute?: undefined }
  );

const ONE_IN_ONE_OUT: Ports = { inputs: [{ id: 'in' }], outputs: [{ id: 'out' }] };

/**
 * Creates a node type from its parts. Params reach the parts only after they passed the schema. In a half-configured node, each invalid
 * param is replaced with its default, so the canvas can still draw the node and its edges stay connected.
 */
export function defineNode<S extends z.ZodObject>(spec: NodeSpec<S>): NodeDefinition<S> {
  const read = (params: unknown): z.output<S> => readParams(spec.params, spec.defaults, params);
  return {
    type: spec.type,
    version: spec.version,
    title: spec.title,
    icon: spec.icon,
    category: spec.category,
    summary: spec.summary,
    keywords: spec.keywords ?? [],
    help: spec.help,
    role: spec.role ?? 'step',
    params: spec.params,
    defaults: spec.defaults,
    example: spec.example,
    line: (params) => spec.line(read(params)),
    ports: (params) => spec.ports?.(read(params)) ?? ONE_IN_ONE_OUT,
    output: (params, promptSchema) => spec.output?.(read(params), promptSchema) ?? {},
    portOf: (params, output) => spec.portOf?.(read(params), output),
    effect: (params) => spec.effect?.(read(params)) ?? 'pure',
    joinsFirst: (params) => spec.joinsFirst?.(read(params)) ?? false,
    expressions: (params, which): ExpressionField[] => expressionFields(spec.params, params, which),
    check: (params): ParamIssue[] => paramIssues(spec, params),
    migrate: (params, fromVersion) => spec.migrate?.(params, fromVersion) ?? params,
    itemResult: (params) => spec.itemResult?.(read(params)) ?? '',
    joinsResults: (params) => spec.joinsResults?.(read(params)) ?? false,
    work: spec.compute ? { kind: 'inline', compute: spec.compute } : { kind: 'awaited', run: spec.run },
    ...(spec.resume && { resume: spec.resume }),
  };
}
