import type { Reference } from '../../expression/references.ts';
import type { JsonSchema } from '../../json.ts';
import { inputSchema, outputSchema } from '../scope-schema.ts';
import type { AskedFor } from './asked-for.ts';
import type { CheckedGraph, CheckedNode } from './checked-graph.ts';
import type { Finding } from './member-rule.ts';
import { optionalMember, optionalText, schemaAt } from './optional-text.ts';
import { isSurelyBefore } from './sure-steps.ts';

/** Where a reference is. */
export interface Place {
  readonly graph: CheckedGraph;
  readonly node: CheckedNode;
  /** In the scope of an item of this container. */
  readonly inside: boolean;
  /** What the field accepts as missing. */
  readonly asked: AskedFor;
  /** The field accepts missing values, for example in a rule like *exists*. */
  readonly mayBeMissing: boolean;
}

/** A step behind a branch has no output if the branch isn't taken. */
export function skippedFinding(reference: Reference, step: CheckedNode, place: Place): Finding | undefined {
  if (place.inside || isPrepared(reference, 0, place) || isSurelyBefore(place.graph, step.id, place.node.id)) return undefined;
  return {
    code: 'may-be-missing',
    severity: 'warning',
    because: `“${step.key}” may be skipped`,
    suggestion: howToRead(reference, 0, schemaAt(reference.path.slice(1), outputSchema(step), place.graph.meter)),
    member: 0,
  };
}

/** A field of the input that a request may leave out. */
export function optionalInputFinding(reference: Reference, place: Place): Finding | undefined {
  const schema = inputSchema(place.graph);
  const member = optionalMember(reference.path, schema, place.graph.meter);
  if (member === undefined || isPrepared(reference, member, place)) return undefined;
  return {
    code: 'may-be-missing',
    severity: 'warning',
    because: `“${reference.path[member]}” is optional`,
    suggestion: howToRead(reference, member, schemaAt(reference.path, schema, place.graph.meter)),
    member,
  };
}

const howToRead = (reference: Reference, from: number, schema: JsonSchema): string => `If that’s expected, write ${optionalText(reference, from, schema)}.`;

/** Whether the field handles that this member may be missing, because it reads it with .? or checks it with has(…). */
const isPrepared = ({ root, path }: Reference, member: number, { asked, mayBeMissing }: Place): boolean =>
  mayBeMissing || asked.has(root, path.slice(0, member + 1));
