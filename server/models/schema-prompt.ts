import type { JsonSchema } from '@switchyard/shared/json.ts';

/** Asks for JSON in the prompt, for servers that can’t enforce a schema. The output is validated either way. */
export const schemaPrompt = (schema: JsonSchema): string =>
  `Answer with only JSON, without any other words and without a code fence. It must match this JSON Schema:\n${JSON.stringify(schema)}`;
