import type { Reference } from '../../expression/references.ts';
import { memberOf } from '../schema-member.ts';
import { inputSchema } from '../scope-schema.ts';
import { AskedFor } from './asked-for.ts';
import { type CheckedGraph, type CheckedNode, runs } from './checked-graph.ts';
import { compileField, MOST_WEIGHT, takesMissing, weightOf } from './expressions.ts';

/** A field of the input that a node reads, though the schema of the input says nothing about it. */
export interface InputRead {
  readonly node: CheckedNode;
  /** The path of the node’s field. */
  readonly field: string;
  readonly reference: Reference;
  /** The field of the input. */
  readonly name: string;
}

/** What nodes read from the input without a schema for it, and without allowing for its absence. Pauses after each node, and stops at a limit. */
export function* inputReads(graph: CheckedGraph): Generator<void, InputRead[]> {
  const found: InputRead[] = [];
  const schema = inputSchema(graph);
  let left = MOST_WEIGHT;
  for (const node of graph.nodes) {
    if (!runs(node) || node.node.data.disabled === true) continue;
    for (const field of node.kind?.expressions(node.params) ?? []) {
      left -= weightOf(field);
      if (left < 0) return found;
      const compiled = compileField(node, field);
      if ('severity' in compiled || takesMissing(node.params, field.path)) continue;
      const asked = new AskedFor(compiled);
      for (const reference of compiled) {
        const [name] = reference.path;
        if (reference.root !== 'input' || name === undefined || asked.has('input', [name])) continue;
        if (memberOf(schema, name, { root: schema, meter: graph.meter }).kind === 'open') found.push({ node, field: field.path.join('.'), reference, name });
      }
    }
    yield;
  }
  return found;
}
