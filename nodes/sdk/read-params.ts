import { isPlainObject } from '@switchyard/shared/json.ts';
import { z } from 'zod';
import { unwrap } from './field.ts';

/**
 * Params as the schema reads them. Each invalid param, or all if they are not an object, is replaced with its default. An object that is
 * one param loses only its invalid parts.
 */
export function readParams<S extends z.ZodObject>(schema: S, defaults: z.input<S>, params: unknown): z.output<S> {
  const parsed = schema.safeParse(params);
  return parsed.success ? parsed.data : schema.parse(mended(schema, defaults as Record<string, unknown>, params));
}

function mended(schema: z.ZodObject, defaults: Readonly<Record<string, unknown>>, params: unknown): Record<string, unknown> {
  const given = isPlainObject(params) ? params : {};
  return Object.fromEntries(
    Object.entries(schema.shape as Record<string, z.ZodType>).map(([name, field]) => {
      const value = Object.hasOwn(given, name) ? given[name] : undefined;
      if (Object.hasOwn(given, name) && field.safeParse(value).success) return [name, value];
      const inner = unwrap(field);
      const part = inner instanceof z.ZodObject && isPlainObject(value) ? mended(inner, {}, value) : undefined;
      return [name, part && field.safeParse(part).success ? part : defaults[name]];
    }),
  );
}
