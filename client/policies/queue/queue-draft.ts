import type { QueueContent, QueueSettings } from '@switchyard/shared/contracts/controls/queue.ts';
import { PRIORITIES } from '@switchyard/shared/run/queue-key.ts';

/** Limits as the form shows them: unsaved edits over the saved limits. */
export interface QueueDraft {
  readonly concurrency: string;
  readonly queueLimit: string;
  readonly priority: QueueContent['priority'];
}

export const draftOf = (saved: QueueSettings, texts: Readonly<Record<string, string>>): QueueDraft => ({
  concurrency: texts.concurrency ?? String(saved.concurrency ?? ''),
  queueLimit: texts.queueLimit ?? String(saved.queueLimit ?? ''),
  priority: PRIORITIES.find((one) => one === texts.priority) ?? saved.priority,
});

const numberOf = (text: string): number | null => (text.trim() === '' ? null : Number(text.replaceAll(',', '')));

export const contentOf = ({ concurrency, queueLimit, priority }: QueueDraft): QueueContent => ({
  concurrency: numberOf(concurrency),
  queueLimit: numberOf(queueLimit),
  priority,
});

/** Whether saving the draft would change anything. */
export function isChanged(saved: QueueSettings, draft: QueueDraft): boolean {
  const content = contentOf(draft);
  return content.concurrency !== saved.concurrency || content.queueLimit !== saved.queueLimit || content.priority !== saved.priority;
}
