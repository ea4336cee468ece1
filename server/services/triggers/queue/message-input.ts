import { isPlainObject, type JsonSchema } from '@switchyard/shared/json.ts';

/** Fields that hold a whole message. */
const WHOLE: readonly string[] = ['data', 'payload', 'body', 'message', 'json'];
const TYPED: readonly unknown[] = ['number', 'integer', 'boolean', 'object', 'array'];

/**
 * The input of a run, from the fields of a message. If its only field is one of `data`, `payload`, `body`, `message`, and `json`, and has a JSON
 * object, that is the input. Otherwise each field is one of the input: text, or what the schema says if it is JSON of another type.
 */
export function messageInput(schema: JsonSchema, fields: ReadonlyMap<string, string>): unknown {
  const [first] = fields;
  if (first && fields.size === 1 && WHOLE.includes(first[0])) {
    const whole = parsed(first[1]);
    if (isPlainObject(whole)) return whole;
  }
  const properties = isPlainObject(schema.properties) ? schema.properties : {};
  return Object.fromEntries([...fields].map(([name, text]) => [name, fieldValue(properties[name], text)]));
}

function fieldValue(property: unknown, text: string): unknown {
  const type = isPlainObject(property) ? property.type : undefined;
  if (![type].flat().some((one) => TYPED.includes(one))) return text;
  const value = parsed(text);
  return value === undefined ? text : value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
