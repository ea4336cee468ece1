import { closest } from '@switchyard/shared/expression/closest.ts';
import { checkGraph } from '@switchyard/shared/graph/check.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import type { Problem } from '@switchyard/shared/graph/problem.ts';
import { routes } from '../store/collections.ts';
import type { ServiceContext } from './context.ts';

/**
 * All problems of a graph: those of the drawing, and model routes that are not there. Routes are looked up at each call (S5), so a
 * missing one stops nobody from publishing; it is a warning.
 */
export async function draftProblems(context: Pick<ServiceContext, 'catalog' | 'store'>, graph: Graph): Promise<Problem[]> {
  const problems = checkGraph(graph, context.catalog);
  const naming = graph.nodes.filter((node) => typeof node.data.params.route === 'string');
  if (naming.length === 0) return problems;
  const known = (await context.store.find(routes, { limit: 1000 })).items.map((route) => route.id);
  for (const { id, data } of naming) {
    const route = String(data.params.route);
    if (known.includes(route)) continue;
    const near = closest(route, known);
    problems.push({
      nodeId: id,
      field: 'route',
      severity: 'warning',
      code: 'unknown-route',
      message: `‘${data.title}’ asks the model route ‘${route}’, which does not exist.`,
      suggestion: near ? `Did you mean ‘${near}’?` : `There are ${known.join(', ')}. Make another one under Models.`,
    });
  }
  return problems;
}
