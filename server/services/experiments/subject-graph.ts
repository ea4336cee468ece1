import type { Subject } from '@switchyard/shared/contracts/evaluation/experiments.ts';
import { type Graph, type GraphNode, IN, OUT } from '@switchyard/shared/graph/graph.ts';
import type { JsonSchema } from '@switchyard/shared/json.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';

/* The graphs of experiments whose subject is not a workflow: input, one model call, output. Each run shows what exactly was asked. */

const COLUMN = 340;

function row(nodes: readonly GraphNode[]): Graph {
  return {
    nodes: nodes.map((node, index) => ({ ...node, position: { x: 80 + index * COLUMN, y: 240 } })),
    edges: nodes.slice(1).map((node, index) => {
      const from = nodes[index]?.id ?? '';
      return { id: `${from}-${node.id}`, source: from, sourceHandle: OUT, target: node.id, targetHandle: IN };
    }),
    vars: {},
  };
}

const node = (type: string, key: string, title: string, params: Record<string, unknown>): GraphNode => ({
  id: key,
  type,
  position: { x: 0, y: 0 },
  data: { key, title, typeVersion: 1, params },
});

const around = (title: string, params: Record<string, unknown>, output: string): Graph =>
  row([node('input', 'item', 'Item', { schema: {} }), node('prompt', 'answer', title, params), node('output', 'output', 'Output', { value: output })]);

/** What a prompt subject runs: this version, with the item’s fields as its variables. */
export function promptGraph(
  { name, route, variables }: Extract<Subject, { kind: 'prompt' }>,
  { version, schema, hasSchema }: { readonly version: number; readonly schema: JsonSchema; readonly hasSchema: boolean },
): Graph {
  const given = variables ?? Object.fromEntries(fieldsOf(schema).map(({ name: field, isRequired }) => [field, fieldTemplate(field, isRequired)]));
  const params = { route, prompt: { name, version }, variables: given, stream: false };
  return around(name, params, hasSchema ? '{{ steps.answer.value }}' : '{{ steps.answer.text }}');
}

const fieldTemplate = (field: string, isRequired: boolean): string => (isRequired ? `{{ input.${field} }}` : `{{ input.?${field}.orValue("") }}`);

function fieldsOf(schema: JsonSchema): { readonly name: string; readonly isRequired: boolean }[] {
  if (!isPlainObject(schema) || !isPlainObject(schema.properties)) return [];
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  return Object.keys(schema.properties).map((name) => ({ name, isRequired: required.has(name) }));
}

/** What a route subject runs: one message. */
export const routeGraph = ({ name, system, message }: Extract<Subject, { kind: 'route' }>): Graph =>
  around(name, { route: name, system, message, markData: true, stream: false }, '{{ steps.answer.text }}');

/** A workflow in which one route takes the place of another. Undefined if no node names the other. */
export function withRoute(graph: Graph, instead: string, route: string): Graph | undefined {
  let isFound = false;
  const nodes = graph.nodes.map((one) => {
    if (one.data.params.route !== instead) return one;
    isFound = true;
    return { ...one, data: { ...one.data, params: { ...one.data.params, route } } };
  });
  return isFound ? { ...graph, nodes } : undefined;
}
