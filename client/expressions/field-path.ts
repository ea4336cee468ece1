import type { FieldPath } from '@switchyard/shared/graph/node-kind.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';

/** A path in the notation of problems: `labels.0.name`. */
export const dotted = (path: FieldPath): string => path.join('.');

/** The value at a path, or undefined if part of the path is missing. */
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
 * A copy of `value` with `next` at the path. Everything beside the path stays the same object. `undefined` removes a field. Missing parts
 * of the path are created: lists for numbers, objects for names.
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
  // fromEntries makes every name an own property, including `__proto__`.
  if (inner === undefined) return Object.fromEntries(others.filter(([name]) => name !== part));
  if (Object.hasOwn(object, part)) return Object.fromEntries(others.map(([name, old]) => [name, name === part ? inner : old]));
  return Object.fromEntries([...others, [part, inner]]);
}
