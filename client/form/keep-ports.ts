import { portId } from '@switchyard/nodes/sdk/port-id.ts';
import type { FieldPath } from '@switchyard/shared/graph/node-kind.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { getAt, setAt } from '../expressions/field-path.ts';

/**
 * The params after a change that keeps edges connected: renaming something whose output port is in use stores that port’s ID with it.
 * Without an edge, the port follows the name.
 */
export function keepPorts(before: unknown, after: unknown, path: FieldPath, connected: ReadonlySet<string>): unknown {
  if (path.at(-1) !== 'name' || typeof path.at(-2) !== 'number') return after;
  const owner = path.slice(0, -1);
  const old = getAt(before, owner);
  if (!isPlainObject(old) || typeof old.name !== 'string' || typeof old.id === 'string') return after;
  const port = portId({ name: old.name });
  return connected.has(port) ? setAt(after, [...owner, 'id'], port) : after;
}
