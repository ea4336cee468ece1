import { Unsupported } from './js/tree.ts';

/* Where the fields of n8n’s items are in a run of ours. */

/** A value to read: a name of CEL, and the members to read from it. */
export interface Place {
  readonly root: string;
  readonly path: readonly (string | number)[];
}

/** A place, or an expression if the value has to be put together. */
export type Source = Place | { readonly cel: string };

/** The fields of one item of n8n. An empty path is the whole item. */
export type View = (path: readonly (string | number)[]) => Source;

export const isPlace = (source: Source): source is Place => 'root' in source;

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Words that CEL reserves: they can’t follow a dot. */
const RESERVED = new Set('as break const continue else false for function if import in let loop package namespace null return true var void while'.split(' '));
const isPlain = (name: string): boolean => IDENTIFIER.test(name) && !RESERVED.has(name);

const step = (name: string | number, mark: '' | '?'): string =>
  typeof name === 'number' ? `[${mark}${name}]` : isPlain(name) ? `.${mark}${name}` : `[${mark}${JSON.stringify(name)}]`;

/** `steps.a.b[0]` */
export const celOf = (source: Source): string => (isPlace(source) ? source.root + source.path.map((name) => step(name, '')).join('') : source.cel);

/** `steps.a.?b[?0]`, which is missing instead of failing. With `isWhole`, the step itself may be missing. */
export function optionalOf({ root, path }: Place, isWhole = false): string | undefined {
  const [, owner, key] = /^(steps)\.(\w+)$/.exec(root) ?? [];
  const start = (isWhole || path.length === 0) && owner ? `${owner}.?${key}` : root;
  return path.length === 0 && start === root ? undefined : start + path.map((name) => step(name, '?')).join('');
}

/** Everything at a place is a field of the item. */
export const viewAt =
  (root: string, ...base: readonly (string | number)[]): View =>
  (path) => ({ root, path: [...base, ...path] });

/** The fields that a node sets, on top of those it passes on. */
export const layered =
  (own: ReadonlySet<string>, root: string, below: View): View =>
  (path) => {
    const [first] = path;
    if (first === undefined) return { cel: `${celOf(below([]))}.merge(${root})` };
    return own.has(String(first)) ? { root, path } : below(path);
  };

/** The item of whichever branch ran. */
export function eitherOf(views: readonly View[]): View {
  const [only, ...others] = views;
  if (only && others.length === 0) return only;
  return (path) => {
    const sources = [...new Map(views.map((view) => view(path)).map((source) => [celOf(source), source])).values()];
    const [first] = sources;
    if (first && sources.length === 1) return first;
    const places = sources.filter(isPlace);
    const text = places.reduceRight(
      (rest, place) => {
        const optional = optionalOf(place, true);
        return optional === undefined ? celOf(place) : `${optional}.orValue(${rest})`;
      },
      celOf(sources.find((source) => !isPlace(source)) ?? { cel: 'null' }),
    );
    return { cel: text };
  };
}

/** Longest expression for a value that is put together. */
const MOST_TEXT = 3_000;

/** How many nodes back a value may be looked up. More could overflow the stack. */
const MOST_NODES = 300;
let depth = 0;

/**
 * Remembers what was read, so that many branches that meet again cost no more than one. Throws Unsupported if the value gets too long, or
 * comes from too far.
 */
export function memoized(view: View): View {
  const known = new Map<string, Source | Unsupported>();
  const read = (path: Parameters<View>[0]): Source | Unsupported => {
    if (depth > MOST_NODES) return new Unsupported('a value from too many nodes before it');
    depth++;
    try {
      const found = view(path);
      return isPlace(found) || found.cel.length <= MOST_TEXT ? found : new Unsupported('a value that comes from too many nodes');
    } catch (thrown) {
      if (thrown instanceof Unsupported) return thrown;
      throw thrown;
    } finally {
      depth--;
    }
  };
  return (path) => {
    const name = JSON.stringify(path);
    const found = known.get(name) ?? read(path);
    known.set(name, found);
    if (found instanceof Unsupported) throw found;
    return found;
  };
}

/** The whole item as CEL; null if it can’t be put together. */
export function wholeOf(item: View): string {
  try {
    return celOf(item([]));
  } catch (thrown) {
    if (thrown instanceof Unsupported) return 'null';
    throw thrown;
  }
}
