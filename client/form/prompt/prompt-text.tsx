import { Link } from '@tanstack/react-router';
import form from '../form.module.css';
import { useChosenVersion } from './chosen-version.ts';
import styles from './prompt.module.css';

const ROLES = { system: 'System', user: 'User', assistant: 'Assistant' } as const;

/** The text of the chosen prompt, read-only, with a link to edit it. */
export function PromptText() {
  const { ref, version } = useChosenVersion();
  if (!ref) return null;
  const link = (
    <Link to="/prompts" search={{ prompt: ref.name }} className={form.link}>
      Open in Prompts
    </Link>
  );
  if (!version.data) {
    return (
      <p className={form.help}>
        {version.isError ? `Couldn’t load the text: ${version.error.message} ` : ''}
        {link}
      </p>
    );
  }
  const { number, messages, variants } = version.data;
  return (
    <section className={styles.text} aria-label="Text of the prompt">
      <p className={styles.head}>
        <span>
          Version {number}
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
