import { isPlainObject, type JsonSchema } from '@switchyard/shared/json.ts';
import { type ChatMessage, textMessage, textOf } from '@switchyard/shared/model/chat.ts';
import { readDefinitions } from './choose-label.ts';
import { choicesOf, fill } from './fill-schema.ts';
import { readRequest } from './reading.ts';

/** Every choice anywhere in the schema. */
function allChoices(schema: unknown, depth = 0): string[] {
  if (depth > 12) return [];
  if (Array.isArray(schema)) return schema.flatMap((part) => allChoices(part, depth + 1));
  if (!isPlainObject(schema)) return [];
  const own = choicesOf(schema)?.map(({ value }) => String(value)) ?? [];
  return [...own, ...Object.values(schema).flatMap((part) => allChoices(part, depth + 1))];
}

const SAYS_MORE = /^(reason|rationale|explanation|justification|summary|note|comment|description|reply|draft|answer|text|body|message)$/i;

/** Adds “demo” to one free text of the output if the schema allows it: a reason, a summary, any sentence. Never to a value such as a number or name. */
function marked(value: unknown, schema: JsonSchema): unknown {
  if (!isPlainObject(value) || !isPlainObject(schema.properties)) return value;
  const properties = schema.properties;
  const free = Object.keys(value).filter((name) => {
    const property = properties[name];
    if (!isPlainObject(property) || typeof value[name] !== 'string' || property.format || property.pattern || choicesOf(property)) return false;
    return property.maxLength === undefined || Number(property.maxLength) >= String(value[name]).length + 7;
  });
  const name = free.find((one) => SAYS_MORE.test(one)) ?? free.find((one) => String(value[one]).split(/\s+/).length > 4);
  return name === undefined ? value : { ...value, [name]: `${String(value[name])} (demo)` };
}

/** Removes the lines that define the choices from the messages. If a system text defines them, the user's text is kept: it is the case. */
function takeDefinitions(messages: readonly ChatMessage[], labels: readonly string[]) {
  const about = new Map<string, string>();
  const take = (role: ChatMessage['role']) => (message: ChatMessage) => {
    if (message.role !== role) return message;
    const read = readDefinitions(textOf(message), labels);
    if (read.about.size === 0 || read.rest.trim() === '') return message;
    for (const [label, text] of read.about) about.set(label, text);
    return textMessage(role, read.rest);
  };
  const ofSystem = messages.map(take('system'));
  const caseAlone = about.size > 0;
  return { messages: caseAlone ? ofSystem : ofSystem.map(take('user')), about, caseAlone };
}

/** The maximum number of values in one output. */
const MOST_VALUES = 2_000;

/** Responds with JSON that matches the schema, derived only from the messages. */
export function writeJson(messages: readonly ChatMessage[], schema: JsonSchema): string {
  const taken = takeDefinitions(messages, [...new Set(allChoices(schema))]);
  const value = fill(
    schema,
    { name: '', depth: 0 },
    { reading: readRequest(taken.messages, taken), about: taken.about, root: schema, budget: { left: MOST_VALUES } },
  );
  return JSON.stringify(marked(value, schema));
}
