import { ai } from './ai.ts';
import { conditions } from './conditions.ts';
import { data } from './data.ts';
import { databaseKinds } from './databases.ts';
import { flowKinds } from './flow.ts';
import { httpRequest } from './http.ts';
import type { Kind } from './kind.ts';
import { serviceKinds } from './services.ts';
import { triggers } from './triggers.ts';

const kinds: ReadonlyMap<string, Kind> = new Map(
  Object.entries({ ...triggers, ...conditions, ...data, ...flowKinds, ...ai, ...serviceKinds, ...databaseKinds, 'n8n-nodes-base.httpRequest': httpRequest }),
);

export const CODE_TYPES: ReadonlySet<string> = new Set(['n8n-nodes-base.code', 'n8n-nodes-base.function', 'n8n-nodes-base.functionItem']);

/** How to convert a node of n8n. Undefined if nothing here does the same. */
export const kindOf = (type: string): Kind | undefined => kinds.get(type);

const HINTS: readonly (readonly [RegExp, string])[] = [
  [/langchain\.agent/, 'Agents have no counterpart yet. Use Prompt, HTTP request, and Condition nodes'],
  [/\.(?:extractFromFile|readPDF|spreadsheetFile)$/, 'Use an Extract node with the file'],
  [/\.convertToFile$/, 'Use a Make a file node'],
  [/Trigger$/, 'Send its events to the webhook of the workflow'],
];

/** Why a node stays a placeholder. */
export const reasonFor = (type: string): string => HINTS.find(([pattern]) => pattern.test(type))?.[1] ?? `No node here does what “${type.slice(0, 100)}” does`;
