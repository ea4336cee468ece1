import { admit } from '@switchyard/nodes/io/admit.ts';
import { inputParams } from '@switchyard/nodes/io/input.ts';
import { AppError, type FieldError } from '@switchyard/shared/errors.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import type { NodeCatalog } from '@switchyard/shared/graph/node-kind.ts';
import { validateJson } from '@switchyard/shared/json-schema/validate.ts';

/** Finds what of a body a workflow's input node does not let in; empty when it does. */
export type Admission = (body: unknown) => readonly FieldError[];

const LETS_ALL_IN: Admission = () => [];

/** Reads the input node of a graph once, for many calls. A graph whose input node is not set up right lets nothing be checked here: the run says it. */
export function admissionOf(graph: Graph, catalog: NodeCatalog): Admission {
  const node = graph.nodes.find(({ type, data }) => catalog(type)?.role === 'start' && !data.disabled);
  const params = inputParams.safeParse(node?.data.params);
  if (!params.success) return LETS_ALL_IN;
  return (body) => {
    const admitted = admit(params.data, body, validateJson);
    return admitted.ok ? [] : admitted.errors;
  };
}

/** Throws `bad-input` with the path of each error when the graph's input node does not let this in. */
export function admitInput({ catalog }: { readonly catalog: NodeCatalog }, graph: Graph, input: unknown): void {
  refuseBadInput(admissionOf(graph, catalog)(input ?? null));
}

export function refuseBadInput(errors: readonly FieldError[]): void {
  if (errors.length === 0) return;
  const said = errors.slice(0, 3).map(({ path, message }) => (path === '' ? message : `${path} ${message}`));
  const more = errors.length > 3 ? ` (and ${errors.length - 3} more)` : '';
  throw new AppError('bad-input', `The input does not fit what this workflow takes: ${said.join('; ')}${more}. No run was started.`, { fields: errors });
}
