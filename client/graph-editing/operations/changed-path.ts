import { isPlainObject } from '@switchyard/shared/json.ts';
import { sameJson } from '@switchyard/shared/same-json.ts';

/**
 * The path of the only text or number that differs between two values (`labels.0.name`), or undefined if several differ or the shape does.
 * Typing changes one leaf at a time, so the path identifies the field being typed in. Side effects of the first letter, such as the ID that
 * a renamed branch gets to keep, don’t count.
 */
export function changedLeaf(before: unknown, after: unknown, path = ''): string | undefined {
  if (isLeaf(before) && isLeaf(after)) return path;
  const entries = childrenOf(before, after);
  if (!entries) return undefined;
  const differing = entries.filter(([, a, b]) => !sameJson(a, b));
  const typedIn = differing.length > 1 ? differing.filter(([, a]) => a !== ABSENT) : differing;
  const [only] = typedIn;
  return typedIn.length === 1 && only ? changedLeaf(only[1] === ABSENT ? '' : only[1], only[2], `${path}.${only[0]}`) : undefined;
}

const ABSENT = Symbol('was not there');

const isLeaf = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number';

function childrenOf(before: unknown, after: unknown): [string, unknown, unknown][] | undefined {
  if (Array.isArray(before) && Array.isArray(after)) {
    return before.length === after.length ? before.map((item, index) => [String(index), item, after[index]]) : undefined;
  }
  if (!isPlainObject(before) || !isPlainObject(after)) return undefined;
  const names = Object.keys(after);
  if (Object.keys(before).some((name) => !Object.hasOwn(after, name))) return undefined;
  return names.map((name) => [name, Object.hasOwn(before, name) ? before[name] : ABSENT, after[name]]);
}
