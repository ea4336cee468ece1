import { ERROR_PORT } from '@switchyard/shared/graph/graph.ts';
import type { FieldPath, ParamIssue } from '@switchyard/shared/graph/node-kind.ts';

/** Something with a name that has an out-port of its own. With `id` the wires hold when the name is changed. */
export interface NamedPort {
  readonly id?: string | undefined;
  readonly name: string;
}

/** The id of a name's port: its own, or the name in lower case with `_` for all but letters and digits (of any script). */
export function portId({ id, name }: NamedPort): string {
  if (id) return id;
  const slug = name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '');
  return slug || name.trim();
}

/** The names that make ports: one port each, nameless and repeated ones left out. */
export function distinctPorts(names: readonly NamedPort[], taken: readonly string[] = []): { readonly id: string; readonly label: string }[] {
  const seen = new Set(taken);
  return names.flatMap((named) => {
    const id = portId(named);
    if (!id || seen.has(id)) return [];
    seen.add(id);
    return [{ id, label: named.name }];
  });
}

/** What keeps these names from having a port each: none, a name twice, or one that the node itself uses. */
export function portIssues(path: FieldPath, names: readonly NamedPort[], reserved: readonly string[], what: string): ParamIssue[] {
  const seen = new Set<string>();
  const kept = new Set([...reserved, ERROR_PORT]);
  return names.flatMap((named, index): ParamIssue[] => {
    const at = [...path, index, 'name'];
    const id = portId(named);
    if (named.name.trim() === '') return [{ path: at, message: `Name this ${what}` }];
    if (kept.has(id)) return [{ path: at, message: `The name ‘${named.name}’ is used by this step itself`, suggestion: `Give the ${what} another name` }];
    if (seen.has(id)) return [{ path: at, message: `There are two of the name ‘${named.name}’`, suggestion: `Give each ${what} its own name` }];
    seen.add(id);
    return [];
  });
}
