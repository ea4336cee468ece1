import { ERROR_PORT } from '@switchyard/shared/graph/graph.ts';
import type { FieldPath, ParamIssue } from '@switchyard/shared/graph/node-kind.ts';

/** Something with a name and its own output port. With `id`, its edges stay connected when the name changes. */
export interface NamedPort {
  readonly id?: string | undefined;
  readonly name: string;
}

/** The ID of a name’s port: its own, or the name in lowercase with `_` for everything but letters and digits of any script. */
export function portId({ id, name }: NamedPort): string {
  if (id) return id;
  const slug = name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '');
  return slug || name.trim();
}

/** One port per name. Empty and repeated names get none. */
export function distinctPorts(names: readonly NamedPort[], taken: readonly string[] = []): { readonly id: string; readonly label: string }[] {
  const seen = new Set(taken);
  return names.flatMap((named) => {
    const id = portId(named);
    if (!id || seen.has(id)) return [];
    seen.add(id);
    return [{ id, label: named.name }];
  });
}

/** Problems of names that need a port each: empty, repeated, or reserved by the node. */
export function portIssues(path: FieldPath, names: readonly NamedPort[], reserved: readonly string[], what: string): ParamIssue[] {
  const seen = new Set<string>();
  const kept = new Set([...reserved, ERROR_PORT]);
  return names.flatMap((named, index): ParamIssue[] => {
    const at = [...path, index, 'name'];
    const id = portId(named);
    if (named.name.trim() === '') return [{ path: at, message: `Name this ${what}` }];
    if (kept.has(id)) return [{ path: at, message: `The name “${named.name}” is reserved`, suggestion: `Choose another name for the ${what}` }];
    if (seen.has(id)) return [{ path: at, message: `Another ${what} is also named “${named.name}”`, suggestion: `Give each ${what} a unique name` }];
    seen.add(id);
    return [];
  });
}
