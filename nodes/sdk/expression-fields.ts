import type { ExpressionField, FieldPath } from '@switchyard/shared/graph/node-kind.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { z } from 'zod';
import { hintsOf, meetsCondition, unwrap } from './field.ts';

/** Every place in these params with an expression in use, or also unused ones, found by walking schema and value together. */
export function expressionFields(schema: z.ZodType, params: unknown, which: 'used' | 'all' = 'used'): ExpressionField[] {
  const found: ExpressionField[] = [];
  walk(schema, params, [], { found, which, beside: undefined });
  return found;
}

interface Search {
  readonly found: ExpressionField[];
  readonly which: 'used' | 'all';
  /** The object that the value is a field of. */
  readonly beside: Readonly<Record<string, unknown>> | undefined;
}

function walk(schema: z.ZodType, value: unknown, path: FieldPath, search: Search): void {
  const { found } = search;
  const hints = hintsOf(schema);
  const expression = hints?.expression;
  if (expression === 'tree') {
    leaves(value, path, found);
    return;
  }
  if (expression) {
    const encode = hints.markedBy !== undefined && search.beside?.[hints.markedBy] === true ? 'data' : hints.encode;
    if (typeof value === 'string') found.push({ path, kind: expression, source: value, ...(encode && { encode }), ...(hints.inside && { inside: true }) });
    return;
  }
  const bare = unwrap(schema);
  if (bare instanceof z.ZodObject && isPlainObject(value)) {
    for (const [name, field] of Object.entries(bare.shape as Record<string, z.ZodType>)) {
      if (Object.hasOwn(value, name) && (search.which === 'all' || isShown(field, bare.shape, value)))
        walk(field, value[name], [...path, name], { ...search, beside: value });
    }
  } else if (bare instanceof z.ZodArray && Array.isArray(value)) {
    for (const [index, item] of value.entries()) walk(bare.element as z.ZodType, item, [...path, index], search);
  } else if (bare instanceof z.ZodRecord && isPlainObject(value)) {
    for (const [name, item] of Object.entries(value)) walk(bare.valueType as z.ZodType, item, [...path, name], search);
  } else if (bare instanceof z.ZodUnion) {
    const option = (bare.options as z.ZodType[]).find((candidate) => candidate.safeParse(value).success);
    if (option) walk(option, value, path, search);
  }
}

/** Whether a field is in use: one hidden by `when` is neither checked nor evaluated. */
function isShown(field: z.ZodType, shape: Readonly<Record<string, z.ZodType>>, value: Readonly<Record<string, unknown>>): boolean {
  const when = hintsOf(field)?.when;
  if (!when) return true;
  const other = shape[when.field];
  const set = other?.safeParse(value[when.field]);
  return meetsCondition(when, set?.success ? set.data : value[when.field]);
}

/** Texts without expressions are left out: a tree may have a hundred thousand. */
function leaves(value: unknown, path: FieldPath, found: ExpressionField[]): void {
  if (typeof value === 'string') {
    if (value.includes('{{')) found.push({ path, kind: 'template', source: value });
  } else if (Array.isArray(value)) for (const [index, item] of value.entries()) leaves(item, [...path, index], found);
  else if (isPlainObject(value)) for (const [name, item] of Object.entries(value)) leaves(item, [...path, name], found);
}
