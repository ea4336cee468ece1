import { isPlainObject, type JsonSchema } from '@switchyard/shared/json.ts';

const DEEPEST = 20;
const FORMATS: readonly [string, RegExp][] = [
  ['date-time', /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/],
  ['date', /^\d{4}-\d{2}-\d{2}$/],
  ['email', /^[^\s@]+@[^\s@]+\.[^\s@.]+$/],
];

function ofText(text: string): JsonSchema {
  const format = FORMATS.find(([, pattern]) => pattern.test(text))?.[0];
  return format ? { type: 'string', format } : { type: 'string' };
}

function ofObjects(objects: readonly Record<string, unknown>[], depth: number): JsonSchema {
  const names = [...new Set(objects.flatMap((one) => Object.keys(one)))];
  const properties = names.map(
    (name) =>
      [
        name,
        infer(
          objects.filter((one) => Object.hasOwn(one, name)).map((one) => one[name]),
          depth + 1,
        ),
      ] as const,
  );
  const required = names.filter((name) => objects.every((one) => Object.hasOwn(one, name) && one[name] !== null));
  return { type: 'object', properties: Object.fromEntries(properties), required };
}

/** One schema for several values of the same place; {} (anything) where they are of different kinds. */
function infer(values: readonly unknown[], depth: number): JsonSchema {
  const [first] = values;
  if (depth > DEEPEST || first === undefined || first === null) return {};
  if (values.every((value) => Array.isArray(value))) return { type: 'array', items: infer(values.flat(), depth + 1) };
  if (values.every(isPlainObject)) return ofObjects(values, depth);
  const kind = typeof first;
  if (values.some((value) => typeof value !== kind)) return {};
  if (kind === 'string') {
    const schemas = values.map((value) => ofText(String(value)));
    return schemas.every(({ format }) => format === schemas[0]?.format) ? (schemas[0] ?? {}) : { type: 'string' };
  }
  return { type: kind };
}

/** The schema of a captured call: every field that was there with a value is required; null says nothing. */
export const inferSchema = (value: unknown): JsonSchema => infer([value], 0);

/**
 * The schema that an input should have after this call: its fields, and those that were known before and did not come this time, which
 * are optional from now on.
 */
export function adoptShape(known: JsonSchema, value: unknown): JsonSchema {
  const inferred = inferSchema(value);
  const before = known.properties;
  if (!isPlainObject(before) || !isPlainObject(inferred.properties)) return inferred;
  const kept = Object.entries(before).filter(([name]) => !Object.hasOwn(inferred.properties as object, name));
  return { ...inferred, properties: Object.fromEntries([...Object.entries(inferred.properties), ...kept]) };
}
