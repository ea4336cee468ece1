import type { Problem } from '../problem.ts';
import { type CheckedGraph, runs } from './checked-graph.ts';

const KEY = /^[a-z][a-z0-9_]*$/;
const RESERVED_KEYS: ReadonlySet<string> = new Set(['in', 'true', 'false', 'null']);

/** Whether a node may have this key (S2). */
export const isKey = (key: string): boolean => KEY.test(key) && !RESERVED_KEYS.has(key);

/** Checks that expressions can use each key, and that keys and IDs are unique (S2). */
export function checkKeys({ graph, nodes }: CheckedGraph): Problem[] {
  const problems: Problem[] = [];
  const firstOf = new Map<string, string>();
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
      const free = freeKey(key, (taken) => nodes.some((node) => node.key === taken));
      const message = `${name} and ${first} share the key “${key}”.`;
      problems.push({ nodeId: id, field: 'key', severity: 'error', code: 'duplicate-key', message, suggestion: `Use another key, for example “${free}”.` });
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
