import type { Problem } from '../problem.ts';
import { type CheckedGraph, runs } from './checked-graph.ts';

const KEY = /^[a-z][a-z0-9_]*$/;
const RESERVED_KEYS: ReadonlySet<string> = new Set(['in', 'true', 'false', 'null']);

/** Whether a node may have this key (S2). */
export const isKey = (key: string): boolean => KEY.test(key) && !RESERVED_KEYS.has(key);

/** Checks that expressions can use each key, and that keys and IDs are unique (S2). */
export function checkKeys({ graph, nodes }: CheckedGraph): Problem[][] {
  const problems: Problem[] = [];
  const firstOf = new Map<string, string>();
  const freeKey = freeKeys(nodes.map((node) => node.key));
  for (const { id, key, name } of nodes.filter(runs)) {
    const first = firstOf.get(key);
    if (!isKey(key)) {
      const better = keyFrom(key);
      const suggestion = `Keys start with a lowercase letter and contain only lowercase letters, digits, and _${better === undefined ? '' : `, for example “${better}”`}.`;
      problems.push({
        nodeId: id,
        field: 'key',
        severity: 'error',
        code: 'bad-key',
        message: `${name} has an invalid key, “${key}”.`,
        suggestion,
      });
    } else if (first !== undefined) {
      const message = `${name} and ${first} share the key “${key}”.`;
      problems.push({
        nodeId: id,
        field: 'key',
        severity: 'error',
        code: 'duplicate-key',
        message,
        suggestion: `Use another key, for example “${freeKey(key)}”.`,
      });
    } else firstOf.set(key, name);
  }
  for (const id of duplicates(nodes.map((node) => node.id))) {
    problems.push({
      nodeId: id,
      severity: 'error',
      code: 'duplicate-id',
      message: `Two nodes share the ID “${id}”.`,
      suggestion: 'Delete one and add it again.',
    });
  }
  for (const id of duplicates(graph.edges.map((edge) => edge.id))) {
    problems.push({
      nodeId: '',
      edgeId: id,
      severity: 'error',
      code: 'duplicate-id',
      message: `Two edges share the ID “${id}”.`,
      suggestion: 'Delete one and connect it again.',
    });
  }
  return [problems];
}

function keyFrom(text: string): string | undefined {
  const key = text
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '');
  return isKey(key) ? key : undefined;
}

/** Suggests unused keys, the same one for each node with the same key. */
function freeKeys(keys: readonly string[]): (key: string) => string {
  const taken = new Set(keys);
  const suggested = new Map<string, string>();
  return (key) => {
    let free = suggested.get(key);
    for (let number = 2; free === undefined; number++) if (!taken.has(`${key}_${number}`)) free = `${key}_${number}`;
    suggested.set(key, free);
    return free;
  };
}

function duplicates(ids: readonly string[]): Set<string> {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const id of ids) (seen.has(id) ? twice : seen).add(id);
  return twice;
}
