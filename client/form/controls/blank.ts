import { unwrap } from '@switchyard/nodes/sdk/field.ts';
import { z } from 'zod';

/** A new list item: defaults where the schema has them, else an empty text or list. Optional fields are omitted. */
export function blankOf(schema: z.ZodType): unknown {
  const absent = schema.safeParse(undefined);
  if (absent.success) return absent.data;
  const bare = unwrap(schema);
  if (bare instanceof z.ZodObject) {
    const parts = Object.entries(bare.shape).map(([name, shape]) => [name, blankOf(shape as z.ZodType)] as const);
    return Object.fromEntries(parts.filter(([, value]) => value !== undefined));
  }
  if (bare instanceof z.ZodArray) return [];
  if (bare instanceof z.ZodString) return '';
  if (bare instanceof z.ZodBoolean) return false;
  if (bare instanceof z.ZodEnum) return bare.options[0];
  if (bare instanceof z.ZodLiteral) return [...bare.values][0];
  if (bare instanceof z.ZodUnion) return blankOf(bare.options[0] as z.ZodType);
  return undefined;
}
