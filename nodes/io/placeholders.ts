import type { ParamIssue } from '@switchyard/shared/graph/node-kind.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import type { Pair } from '../sdk/pairs.ts';

/* Recipes and imported requests mark what must be filled in as `{name}`. */

const ONLY = /^\{([A-Za-z]\w*)\}$/;
const WITHIN = /\{([A-Za-z]\w*)\}/g;

interface Request {
  readonly url: string;
  readonly query: readonly Pair[];
  readonly form: readonly Pair[];
  readonly json?: unknown;
  readonly bodyKind: string;
}

const issue = (path: ParamIssue['path'], names: readonly string[]): ParamIssue[] =>
  names.length === 0 ? [] : [{ path, message: `Replace ${names.map((name) => `{${name}}`).join(' and ')} with a value or an expression` }];

/** Placeholders that are still there: anywhere in the URL, and as the whole value elsewhere. */
export function placeholderIssues({ url, query, form, json, bodyKind }: Request): ParamIssue[] {
  const named = [...new Set([...url.replaceAll(/\{\{.*?\}\}/gs, '').matchAll(WITHIN)].map(([, name = '']) => name))];
  return [
    ...issue(['url'], named),
    ...query.flatMap(({ value }, index) => issue(['query', index, 'value'], onlyIn(value))),
    ...(bodyKind === 'form' || bodyKind === 'multipart' ? form.flatMap(({ value }, index) => issue(['form', index, 'value'], onlyIn(value))) : []),
    ...(bodyKind === 'json' ? issue(['json'], [...new Set(inTree(json))]) : []),
  ];
}

const onlyIn = (value: unknown): string[] => {
  const name = typeof value === 'string' ? ONLY.exec(value.trim())?.[1] : undefined;
  return name === undefined ? [] : [name];
};

function inTree(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(inTree);
  return isPlainObject(value) ? Object.values(value).flatMap(inTree) : onlyIn(value);
}
