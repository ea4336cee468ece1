import { definitionOf } from '@switchyard/nodes/catalog.ts';
import type { GraphNode } from '@switchyard/shared/graph/graph.ts';
import type { Problem } from '@switchyard/shared/graph/problem.ts';

/** Problems of one node, worded for display next to it: without its type and title, and with all unconnected branches in one message. */
export function ownProblems(problems: readonly Problem[], node: GraphNode): Problem[] {
  const { title, key } = node.data;
  const name = `${definitionOf(node.type)?.title ?? 'Node'} “${title || key || node.id}”`;
  const unconnected = Map.groupBy(
    problems.filter(({ code }) => code === 'unwired-port'),
    ({ severity }) => severity,
  );
  const said = new Set<Problem['severity']>();
  return problems.flatMap((problem) => {
    if (problem.code !== 'unwired-port') return [{ ...problem, message: withoutName(problem.message, name) }];
    if (said.has(problem.severity)) return [];
    said.add(problem.severity);
    return [inOneLine(unconnected.get(problem.severity) ?? [problem], problem)];
  });
}

/** Classify “Sort”: Name this label. → Name this label. Within a sentence, the name becomes “this node”. */
function withoutName(message: string, name: string): string {
  const rest = message.startsWith(`${name}: `) ? message.slice(name.length + 2) : message.replaceAll(name, 'this node');
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

function inOneLine(unconnected: readonly Problem[], first: Problem): Problem {
  const ports = unconnected.flatMap(({ port }) => port ?? []);
  const ends = first.severity === 'warning';
  const names = ports.map((port) => `“${port}”`).join(', ');
  const message =
    ports.length === 1
      ? `Branch ${names} isn’t connected${ends ? ', so the run ends there' : ''}.`
      : `Branches ${names} aren’t connected${ends ? ', so the run ends there' : ''}.`;
  if (ports.length === 1) return { ...first, message };
  return { ...first, message, suggestion: ends ? 'Connect each one if something should happen next.' : 'Connect each one.' };
}
