import type { Reference } from '../../expression/references.ts';
import type { JsonSchema } from '../../json.ts';
import type { Problem, ProblemCode } from '../problem.ts';
import { type Member, memberOf } from '../schema-member.ts';
import { type CheckedGraph, didYouMean } from './checked-graph.ts';

/** What is wrong with a reference: “… uses {{ x }}, but <because>.” */
export interface Finding {
  readonly code: ProblemCode;
  readonly because: string;
  readonly suggestion: string | undefined;
  readonly severity?: Problem['severity'];
  /** The member of the path it is about. Undefined for the root. */
  readonly member?: number;
}

/** What a reference reads from: its path, from the member at `from` on, is looked up in this schema. */
interface Root {
  readonly from: number;
  readonly schema: JsonSchema;
  readonly owner: string;
}

/**
 * Whether the schema has the members of a reference, starting with the one at `from`. A member that the schema neither names nor excludes
 * is a warning, unless the expression reads it as optional.
 */
export function memberFinding(reference: Reference, { from, schema, owner }: Root, graph: CheckedGraph): Finding | undefined {
  let current = schema;
  for (const [index, name] of reference.path.entries()) {
    if (index < from) continue;
    const member = memberOf(current, name, { root: schema, meter: graph.meter });
    if (member.kind === 'open') return undefined;
    if (member.kind !== 'known') return finding(reference, { index, member, owner: [owner, ...reference.path.slice(from, index)].join('.') }, graph);
    current = member.schema;
  }
  return undefined;
}

const TYPE_WORDS: Record<string, string> = { array: 'a list', string: 'text', number: 'a number', integer: 'a number', boolean: 'true or false', null: 'null' };

interface Wrong {
  readonly index: number;
  readonly member: Extract<Member, { kind: 'unknown' | 'no-object' }>;
  readonly owner: string;
}

function finding(reference: Reference, { index, member, owner }: Wrong, { comparisons }: CheckedGraph): Finding | undefined {
  const name = reference.path[index] ?? '';
  const isAsked = reference.optionalFrom !== undefined && reference.optionalFrom <= index;
  if (member.kind === 'no-object') {
    const suggestion =
      member.type === 'array'
        ? 'Select an item, for example list[0], or use list.map(x, …).'
        : name === 'length'
          ? 'For its length, write size(…).'
          : undefined;
    return {
      code: 'unknown-field',
      because: `${owner} is ${TYPE_WORDS[member.type] ?? member.type} and has no field “${name}”`,
      suggestion,
      severity: isAsked ? 'warning' : 'error',
      member: index,
    };
  }
  const near = didYouMean(name, member.names, comparisons);
  const has = member.names.length > 0 && member.names.length <= 8 ? `It has ${member.names.join(', ')}.` : undefined;
  if (member.closed)
    return {
      code: 'unknown-field',
      because: `${owner} has no field “${name}”`,
      suggestion: near ?? has,
      severity: isAsked ? 'warning' : 'error',
      member: index,
    };
  if (isAsked) return undefined;
  const optional = `If it may be missing, write .?${name}.orValue(…).`;
  return {
    code: 'unknown-field',
    because: `“${name}” isn’t a known field of ${owner}`,
    suggestion: near ?? optional,
    severity: 'warning',
    member: index,
  };
}
