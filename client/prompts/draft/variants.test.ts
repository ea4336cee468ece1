import { expect, test } from 'vitest';
import type { DraftContent } from './prompt-draft.ts';
import { withoutVariant, withVariant, withVariantMessages } from './variants.ts';

const base: DraftContent = { messages: [{ role: 'user', content: 'Hello' }], variables: {}, variants: [] };

test('a new variant starts with the messages of the base', () => {
  const { variants } = withVariant(base);
  expect(variants).toEqual([{ name: 'Variant 1', when: {}, messages: base.messages }]);
});

test('messages are replaced in the base or in one variant', () => {
  const two = withVariant(withVariant(base));
  const messages = [{ role: 'user' as const, content: 'Hallo' }];
  expect(withVariantMessages(two, undefined, messages).messages).toEqual(messages);
  expect(withVariantMessages(two, 1, messages).variants.map((variant) => variant.messages)).toEqual([base.messages, messages]);
  expect(withoutVariant(two, 0).variants.map(({ name }) => name)).toEqual(['Variant 2']);
});
