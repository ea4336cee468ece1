import { isPlainObject } from '../json.ts';

/** The value a JSON pointer like `/$defs/a~1b` points to; undefined if there is none, or if the pointer is malformed. */
export function atPointer(root: unknown, pointer: string): unknown {
  let place = root;
  for (const step of pointer.split('/').slice(1)) {
    const name = readStep(step);
    const holds = name !== undefined && (isPlainObject(place) || Array.isArray(place)) && Object.hasOwn(place, name);
    if (!holds) return undefined;
    place = (place as Record<string, unknown>)[name];
  }
  return place;
}

function readStep(step: string): string | undefined {
  try {
    return decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return undefined;
  }
}

/** The part of a reference after `#`; undefined if it points outside the document. */
function fragmentOf(reference: unknown, root: unknown): string | undefined {
  if (typeof reference !== 'string') return undefined;
  const hash = reference.indexOf('#');
  const document = hash < 0 ? reference : reference.slice(0, hash);
  const own = isPlainObject(root) && typeof root.$id === 'string' ? root.$id.replace(/#$/, '') : '';
  if (document !== '' && document !== own) return undefined;
  return hash < 0 ? '' : reference.slice(hash + 1);
}

/** The schema that a `$ref` points to within its document, by JSON pointer only; undefined if it doesn't exist. */
export function referenced(root: unknown, reference: unknown): unknown {
  const fragment = fragmentOf(reference, root);
  return fragment === undefined || (fragment !== '' && !fragment.startsWith('/')) ? undefined : atPointer(root, fragment);
}

/** The name in a reference like `#customer`, which points to the schema with that `$anchor`. */
export function anchorIn(root: unknown, reference: unknown): string | undefined {
  const fragment = fragmentOf(reference, root);
  return fragment !== undefined && fragment !== '' && !fragment.startsWith('/') ? fragment : undefined;
}

const MOST_HOPS = 20;

/** Follows `$ref` from a schema until one has none. `{}` if a reference is broken, circular, or not to an object. */
export function followed(schema: unknown, root: unknown): Record<string, unknown> {
  let current = schema;
  for (let hops = 0; hops < MOST_HOPS; hops++) {
    if (!isPlainObject(current)) return {};
    if (current.$ref === undefined) return current;
    current = referenced(root, current.$ref);
  }
  return {};
}
