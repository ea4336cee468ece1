import { isPlainObject } from '@switchyard/shared/json.ts';
import type { z } from 'zod';

/** Params as the schema reads them. Each invalid param, or all if they are not an object, is replaced with its default. */
export function readParams<S extends z.ZodObject>(schema: S, defaults: z.input<S>, params: unknown): z.output<S> {
  const parsed = schema.safeParse(params);
  if (parsed.success) return parsed.data;
  const given = isPlainObject(params) ? params : {};
  const fallback = defaults as Record<string, unknown>;
  const mended = Object.entries(schema.shape as Record<string, z.ZodType>).map(([name, field]) => {
    const usable = Object.hasOwn(given, name) && field.safeParse(given[name]).success;
    return [name, usable ? given[name] : fallback[name]] as const;
  });
  return schema.parse(Object.fromEntries(mended));
}
