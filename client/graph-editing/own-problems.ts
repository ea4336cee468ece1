import { definitionOf } from '@switchyard/nodes/catalog.ts';
import type { GraphNode } from '@switchyard/shared/graph/graph.ts';
import type { Problem } from '@switchyard/shared/graph/problem.ts';

/**
 * Problems of one node as they are said beside that node: without its type and title, which stand there already, and
 * with all its ways out that have no wire in one line.
 */
export function ownProblems(problems: readonly Problem[], node: GraphNode): Problem[] {
  const { title, key } = node.data;
  const name = `${definitionOf(node.type)?.title ?? 'Node'} ‘${title || key || node.id}’`;
  const unwired = Map.groupBy(
    problems.filter(({ code }) => code === 'unwired-port'),
    ({ severity }) => severity,
  );
  const said = new Set<Problem['severity']>();
  return problems.flatMap((problem) => {
    if (problem.code !== 'unwired-port') return [{ ...problem, message: withoutName(problem.message, name) }];
    if (said.has(problem.severity)) return [];
    said.add(problem.severity);
    return [inOneLine(unwired.get(problem.severity) ?? [problem], problem)];
  });
}

/** "Classify ‘Sort’: Name this label." is "Name this label."; elsewhere in a sentence the name becomes "this step". */
function withoutName(message: string, name: string): string {
  const rest = message.startsWith(`${name}: `) ? message.slice(name.length + 2) : message.replaceAll(name, 'this step');
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

const PORT = / has no wire from ‘(.+)’(?:\.$|: )/;

function inOneLine(unwired: readonly Problem[], first: Problem): Problem {
  const ports = unwired.map(({ message }) => PORT.exec(message)?.[1]);
  if (ports.includes(undefined)) return first;
  const ends = first.severity === 'warning';
  const message = `No wire from ${ports.join(', ')}${ends ? ': the run ends there' : ''}.`;
  if (ports.length === 1) return { ...first, message };
  return { ...first, message, suggestion: ends ? 'Draw one from each, if something is to happen then.' : 'Draw one from each.' };
}
