import type { PromptMessage, PromptVariant } from '@switchyard/shared/model/prompt.ts';
import type { DraftContent } from './prompt-draft.ts';

/** Adds a variant that starts as a copy of the base. */
export const withVariant = (content: DraftContent): DraftContent => ({
  ...content,
  variants: [...content.variants, { name: `Variant ${content.variants.length + 1}`, when: {}, messages: content.messages }],
});

export const withChangedVariant = (content: DraftContent, index: number, changes: Partial<PromptVariant>): DraftContent => ({
  ...content,
  variants: content.variants.map((variant, at) => (at === index ? { ...variant, ...changes } : variant)),
});

export const withoutVariant = (content: DraftContent, index: number): DraftContent => ({
  ...content,
  variants: content.variants.filter((_, at) => at !== index),
});

/** Replaces the messages of a variant, or of the base if `index` is undefined. */
export const withVariantMessages = (content: DraftContent, index: number | undefined, messages: readonly PromptMessage[]): DraftContent =>
  index === undefined ? { ...content, messages } : withChangedVariant(content, index, { messages });
