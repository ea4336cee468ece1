import { AppError } from '@switchyard/shared/errors.ts';
import { createScope, type Scope } from '@switchyard/shared/expression/create-scope.ts';
import { resolveFields, type TemplateField } from '@switchyard/shared/expression/resolve.ts';
import { ExpressionSyntaxError } from '@switchyard/shared/expression/syntax-error.ts';
import { compileTemplate } from '@switchyard/shared/expression/template.ts';
import type { Graph, GraphNode } from '@switchyard/shared/graph/graph.ts';
import type { NodeCatalog } from '@switchyard/shared/graph/node-kind.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { promptRefOf } from '@switchyard/shared/model/prompt-ref.ts';
import { ownTurn } from '../../../turns.ts';

/** How many nodes and sample inputs of a graph are read. */
const MOST_NODES = 5;
const MOST_INPUTS = 10;

interface InputSample {
  readonly name: string;
  readonly variables: Record<string, unknown>;
}

/** The values that the nodes of a graph would fill a prompt with, for each sample input. */
export async function* samplesOfInputs(graph: Graph, catalog: NodeCatalog, prompt: string): AsyncGenerator<InputSample> {
  const start = graph.nodes.find(({ type }) => catalog(type)?.role === 'start');
  const samples = start && Array.isArray(start.data.params.samples) ? start.data.params.samples.slice(0, MOST_INPUTS) : [];
  const nodes = graph.nodes.filter(({ data }) => promptRefOf(data.params)?.name === prompt).slice(0, MOST_NODES);
  for (const node of nodes) {
    for (const sample of samples) {
      if (!isPlainObject(sample) || typeof sample.name !== 'string') continue;
      await ownTurn();
      const variables = variablesOf(node, catalog, sampleScope(graph, sample.value));
      if (Object.keys(variables).length > 0) yield { name: sample.name, variables };
    }
  }
}

const sampleScope = ({ vars }: Graph, input: unknown): Scope =>
  createScope({ trigger: { kind: 'canvas', body: input }, input, steps: {}, previous: {}, round: 1, vars: vars ?? {}, run: {} });

/** The variables of a node, without those that can’t be computed, such as the output of another step. */
function variablesOf({ type, data }: GraphNode, catalog: NodeCatalog, scope: Scope): Record<string, unknown> {
  const { variables } = data.params;
  if (!isPlainObject(variables)) return {};
  const fields = catalog(type)?.expressions(data.params) ?? [];
  const computed = Object.entries(variables).flatMap(([name, value]): [string, unknown][] => {
    const own = fields.filter(({ path: [param, variable] }) => param === 'variables' && variable === name);
    try {
      const templates = own.map(({ path, source }): TemplateField => ({ path: path.slice(2), compiled: compileTemplate(source) }));
      return [[name, resolveFields(value, templates, scope)]];
    } catch (thrown) {
      if (thrown instanceof AppError || thrown instanceof ExpressionSyntaxError) return [];
      throw thrown;
    }
  });
  return Object.fromEntries(computed);
}
