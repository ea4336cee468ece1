import type { PromptMessage } from '@switchyard/shared/model/prompt.ts';

export interface MessagePair {
  readonly role: PromptMessage['role'];
  /** Empty for an added message. */
  readonly before: string;
  /** Empty for a removed message. */
  readonly after: string;
}

/** Each message with the earlier message of the same role and rank. Removed messages come last. */
export function pairedMessages(before: readonly PromptMessage[], after: readonly PromptMessage[]): MessagePair[] {
  const rest = [...before];
  const pairs = after.map(({ role, content }): MessagePair => {
    const at = rest.findIndex((earlier) => earlier.role === role);
    const [earlier] = at < 0 ? [] : rest.splice(at, 1);
    return { role, before: earlier?.content ?? '', after: content };
  });
  return [...pairs, ...rest.map(({ role, content }) => ({ role, before: content, after: '' }))];
}
