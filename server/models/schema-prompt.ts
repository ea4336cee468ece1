import type { JsonSchema } from '@switchyard/shared/json.ts';

/** Asks for JSON in words: for servers that do not know how to be held to a schema. The answer is checked in any case. */
export const schemaPrompt = (schema: JsonSchema): string =>
  `Answer with JSON alone, without any other words and without a code fence. It must fit this JSON Schema:\n${JSON.stringify(schema)}`;
