import type { FieldPath } from '@switchyard/shared/graph/node-kind.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';

/** A path as problems write it: `labels.0.name`. */
export const dotted = (path: FieldPath): string => path.join('.');

/** The value at a path; undefined where any part of the way is missing. */
export function getAt(value: unknown, path: FieldPath): unknown {
  let here = value;
  for (const part of path) {
    if (Array.isArray(here)) here = here[Number(part)];
    else if (isPlainObject(here) && Object.hasOwn(here, part)) here = here[part];
    else return undefined;
  }
  return here;
}

/**
 * A copy of `value` with `next` at the path; all that is not on the way is the same object as before, whatever it holds.
 * `undefined` takes a field away. Missing parts of the way are made: lists for numbers, objects for names.
 */
export function setAt(value: unknown, path: FieldPath, next: unknown): unknown {
  const [part, ...rest] = path;
  if (part === undefined) return next;
  if (typeof part === 'number') {
    const list = Array.isArray(value) ? [...value] : [];
    list[part] = setAt(list[part], rest, next);
    return list;
  }
  const object = isPlainObject(value) ? value : {};
  const inner = setAt(Object.hasOwn(object, part) ? object[part] : undefined, rest, next);
  const others = Object.entries(object);
  // fromEntries makes own properties of every name, `__proto__` included.
  if (inner === undefined) return Object.fromEntries(others.filter(([name]) => name !== part));
  if (Object.hasOwn(object, part)) return Object.fromEntries(others.map(([name, old]) => [name, name === part ? inner : old]));
  return Object.fromEntries([...others, [part, inner]]);
}
