import type { Problem } from '../problem.ts';
import { type CheckedGraph, runs } from './checked-graph.ts';

const KEY = /^[a-z][a-z0-9_]*$/;
const RESERVED_KEYS: ReadonlySet<string> = new Set(['in', 'true', 'false', 'null']);

/** Whether a node may have this key (S2). */
export const isKey = (key: string): boolean => KEY.test(key) && !RESERVED_KEYS.has(key);

/** Checks that keys are names expressions can use, and that keys and ids are unique (S2). */
export function checkKeys({ graph, nodes }: CheckedGraph): Problem[] {
  const problems: Problem[] = [];
  const firstOf = new Map<string, string>();
  for (const { id, key, name } of nodes.filter(runs)) {
    const first = firstOf.get(key);
    if (!isKey(key)) {
      const better = keyFrom(key);
      const suggestion = `A key begins with a small letter and has only small letters, digits and _${better === undefined ? '' : `, for example ‘${better}’`}.`;
      problems.push({
        nodeId: id,
        field: 'key',
        severity: 'error',
        code: 'bad-key',
        message: `${name} has the key ‘${key}’, which expressions cannot use.`,
        suggestion,
      });
    } else if (first !== undefined) {
      const free = freeKey(key, (taken) => nodes.some((node) => node.key === taken));
      const message = `${name} has the key ‘${key}’, which ${first} has too.`;
      problems.push({ nodeId: id, field: 'key', severity: 'error', code: 'duplicate-key', message, suggestion: `Give it another, for example ‘${free}’.` });
    } else firstOf.set(key, name);
  }
  for (const id of duplicates(nodes.map((node) => node.id))) {
    problems.push({
      nodeId: id,
      severity: 'error',
      code: 'duplicate-id',
      message: `Two nodes have the id ‘${id}’.`,
      suggestion: 'Remove one of them and add it again.',
    });
  }
  for (const id of duplicates(graph.edges.map((edge) => edge.id))) {
    problems.push({
      nodeId: '',
      edgeId: id,
      severity: 'error',
      code: 'duplicate-id',
      message: `Two wires have the id ‘${id}’.`,
      suggestion: 'Remove one of them and draw it again.',
    });
  }
  return problems;
}

function keyFrom(text: string): string | undefined {
  const key = text
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '');
  return isKey(key) ? key : undefined;
}

function freeKey(key: string, isTaken: (key: string) => boolean): string {
  for (let number = 2; ; number++) if (!isTaken(`${key}_${number}`)) return `${key}_${number}`;
}

const duplicates = (ids: readonly string[]): Set<string> => new Set(ids.filter((id, index) => ids.indexOf(id) !== index));
