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

/** Run labels as text: `language: de, channel: chat`. */
export const labelsText = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ');

/** Reads run labels from text. Undefined if a part isn’t a name and a value, or a name occurs twice. */
export function readLabels(text: string): Record<string, string> | undefined {
  const parts = text.split(',').map((part) => part.trim());
  const pairs = parts
    .filter((part) => part !== '')
    .map((part) =>
      part
        .match(/^([^:=]+)[:=](.*)$/)
        ?.slice(1)
        .map((half) => half.trim()),
    );
  const labels: Record<string, string> = {};
  for (const pair of pairs) {
    const [name, value] = pair ?? [];
    if (!name || !value || Object.hasOwn(labels, name)) return undefined;
    labels[name] = value;
  }
  return labels;
}
