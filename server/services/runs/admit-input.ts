import { admit } from '@switchyard/nodes/io/admit.ts';
import { inputParams } from '@switchyard/nodes/io/input.ts';
import { AppError, type FieldError } from '@switchyard/shared/errors.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import type { NodeCatalog } from '@switchyard/shared/graph/node-kind.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { validateJson } from '@switchyard/shared/json-schema/validate.ts';
import { inputSchemaOf } from '../triggers/input-schema.ts';

/** Errors of a body that a workflow's Input node rejects. Empty if it accepts the body. */
export type Admission = (body: unknown) => readonly FieldError[];

const LETS_ALL_IN: Admission = () => [];

const startOf = (graph: Graph, catalog: NodeCatalog) => graph.nodes.find(({ type, data }) => catalog(type)?.role === 'start' && !data.disabled);

/** Reads a graph's Input node once, for many requests. If the node is misconfigured, nothing is checked here and the run reports it. */
export function admissionOf(graph: Graph, catalog: NodeCatalog): Admission {
  const params = inputParams.safeParse(startOf(graph, catalog)?.data.params);
  if (!params.success) return LETS_ALL_IN;
  return (body) => {
    const admitted = admit(params.data, body, validateJson);
    return admitted.ok ? [] : admitted.errors;
  };
}

/** The fields of a graph’s input that its schema says are text. */
export function textFieldsOf(graph: Graph, catalog: NodeCatalog): ReadonlySet<string> {
  const { properties } = inputSchemaOf({ catalog }, graph);
  if (!isPlainObject(properties)) return NONE;
  return new Set(Object.entries(properties).flatMap(([name, property]) => (isPlainObject(property) && property.type === 'string' ? [name] : [])));
}

const NONE: ReadonlySet<string> = new Set();

/** Throws `bad-input` with the path of each error if the graph's Input node rejects this. */
export function admitInput({ catalog }: { readonly catalog: NodeCatalog }, graph: Graph, input: unknown): void {
  refuseBadInput(admissionOf(graph, catalog)(input ?? null));
}

export function refuseBadInput(errors: readonly FieldError[]): void {
  if (errors.length === 0) return;
  const said = errors.slice(0, 3).map(({ path, message }) => (path === '' ? message : `${path} ${message}`));
  const more = errors.length > 3 ? ` (and ${errors.length - 3} more)` : '';
  throw new AppError('bad-input', `Invalid input: ${said.join('; ')}${more}. No run was started.`, { fields: errors });
}
