import type { TryRequest } from '../../api/try-prompt.ts';
import { readLabels } from '../../tries/labels-text.ts';
import { bodyOf, type DraftContent, sendable } from '../draft/prompt-draft.ts';
import { type Sample, valuesOf } from './samples.ts';

/** What is tried: a saved version, or the edits of the working copy. */
export interface Subject {
  /** Undefined for edits. */
  readonly version: number | undefined;
  readonly content: DraftContent;
}

/** The request of a try. Undefined while the edits contain a schema that isn’t JSON. */
export function tryRequest({ version, content }: Subject, sample: Sample, route: string): TryRequest | undefined {
  const variables = valuesOf(content.variables, sample);
  const labels = readLabels(sample.labels) ?? {};
  if (version !== undefined) return { version, variables, labels, route };
  const ready = sendable(content);
  if (!ready) return undefined;
  const { variables: variablesSchema, ...rest } = bodyOf(ready);
  return { ...rest, variablesSchema, variables, labels, route };
}
