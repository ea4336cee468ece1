import { isPlainObject, type JsonSchema } from '@switchyard/shared/json.ts';
import { type ChatMessage, textMessage, textOf } from '@switchyard/shared/model/chat.ts';
import { readDefinitions } from './choose-label.ts';
import { choicesOf, fill } from './fill-schema.ts';
import { readRequest } from './reading.ts';

/** Every choice that the schema offers somewhere. */
function allChoices(schema: unknown, depth = 0): string[] {
  if (depth > 12) return [];
  if (Array.isArray(schema)) return schema.flatMap((part) => allChoices(part, depth + 1));
  if (!isPlainObject(schema)) return [];
  const own = choicesOf(schema)?.map(({ value }) => String(value)) ?? [];
  return [...own, ...Object.values(schema).flatMap((part) => allChoices(part, depth + 1))];
}

const SAYS_MORE = /^(reason|rationale|explanation|justification|summary|note|comment|description|reply|draft|answer|text|body|message)$/i;

/** Writes “demo” into one free text of the answer, the most talkative one, where the schema lets it. */
function marked(value: unknown, schema: JsonSchema): unknown {
  if (!isPlainObject(value) || !isPlainObject(schema.properties)) return value;
  const properties = schema.properties;
  const free = Object.keys(value).filter((name) => {
    const property = properties[name];
    if (!isPlainObject(property) || typeof value[name] !== 'string' || property.format || property.pattern || choicesOf(property)) return false;
    return property.maxLength === undefined || Number(property.maxLength) >= String(value[name]).length + 7;
  });
  const name = free.find((one) => SAYS_MORE.test(one)) ?? free.sort((one, two) => String(value[two]).length - String(value[one]).length)[0];
  return name === undefined ? value : { ...value, [name]: `${String(value[name])} (demo)` };
}

/** Answers with JSON that fits the schema, drawn from the messages alone. */
export function writeJson(messages: readonly ChatMessage[], schema: JsonSchema): string {
  const labels = [...new Set(allChoices(schema))];
  const about = new Map<string, string>();
  const stripped = messages.map((message) => {
    const read = readDefinitions(textOf(message), labels);
    if (message.role === 'assistant' || read.rest.trim() === '') return message;
    for (const [label, text] of read.about) about.set(label, text);
    return textMessage(message.role, read.rest);
  });
  const value = fill(schema, { name: '', depth: 0 }, { reading: readRequest(stripped), about, root: schema });
  return JSON.stringify(marked(value, schema));
}
