import type { PromptContent } from '@switchyard/shared/model/prompt.ts';
import type { ReactNode } from 'react';
import styles from './prompt.module.css';

const ROLES = { system: 'System', user: 'User', assistant: 'Assistant' } as const;

interface Props {
  readonly title: string;
  readonly content: Pick<PromptContent, 'messages' | 'variants'>;
  readonly link?: ReactNode;
}

/** The messages of a version of a prompt, read-only. */
export function PromptMessages({ title, content: { messages, variants }, link }: Props) {
  return (
    <section className={styles.text} aria-label="Text of the prompt">
      <p className={styles.head}>
        <span>
          {title}
          {variants.length > 0 && `, without its ${variants.length === 1 ? 'variant' : `${variants.length} variants`}`}
        </span>
        {link}
      </p>
      {messages.map(({ role, content }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: messages have no identity other than their position
        <div key={index}>
          <p className={styles.role}>{ROLES[role]}</p>
          <p className={styles.content} dir="auto">
            {content}
          </p>
        </div>
      ))}
    </section>
  );
}
