import type { PromptSample } from '@switchyard/shared/contracts/prompt-samples.ts';
import { declaredVariables } from '@switchyard/shared/model/declared-variables.ts';
import { labelsText } from '../../tries/labels-text.ts';
import type { DraftContent } from '../draft/prompt-draft.ts';
import { type Sample, typedValues } from './samples.ts';

/** A sample from a run, workflow, or template, in the form in which it would be added. */
export interface FoundSample {
  readonly id: string;
  readonly found: PromptSample;
  readonly sample: Omit<Sample, 'id'>;
  /** A sample with these values exists. */
  readonly isKnown: boolean;
}

const same = (one: Sample['values'], other: Sample['values']): boolean =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])].every((name) => (one[name] ?? '') === (other[name] ?? ''));

/** Samples with values for variables of this content, each set of values once. */
export function foundSamples(items: readonly PromptSample[], content: Pick<DraftContent, 'variables'>, known: readonly Sample[]): FoundSample[] {
  const declared = declaredVariables(content.variables).names;
  const samples: FoundSample[] = [];
  for (const [index, found] of items.entries()) {
    const values = typedValues(Object.fromEntries(Object.entries(found.variables).filter(([name]) => declared.has(name))));
    const sample = { title: found.sample ?? '', values, labels: labelsText(found.labels) };
    const isRepeated = samples.some(({ sample: { values: other, labels } }) => same(values, other) && labels === sample.labels);
    if (Object.keys(values).length === 0 || isRepeated) continue;
    const isKnown = known.some((one) => same(one.values, values) && one.labels === sample.labels);
    samples.push({ id: String(index), found, sample, isKnown });
  }
  return samples;
}
