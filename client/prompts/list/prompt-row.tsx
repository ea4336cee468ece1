import type { Prompt } from '@switchyard/shared/contracts/prompts.ts';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { TimeAgo } from '../../ui/figures.tsx';
import { LabelChip } from '../parts/label-chip.tsx';
import styles from './prompt-list.module.css';

/** One prompt in the list: name, last change, labels, description. */
export function PromptRow({ prompt, selected }: { prompt: Prompt; selected: boolean }) {
  const row = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (selected) row.current?.scrollIntoView({ block: 'nearest' });
  }, [selected]);
  return (
    <li>
      <Link
        ref={row}
        to="/prompts"
        search={{ prompt: prompt.name }}
        className={styles.row}
        data-selected={selected || undefined}
        aria-current={selected || undefined}
      >
        <span className={styles.first}>
          <span className={styles.name} title={prompt.name}>
            {prompt.name}
          </span>
          <span className={styles.age}>
            <TimeAgo at={prompt.updatedAt} />
          </span>
        </span>
        <span className={styles.labels}>
          {prompt.labels.length === 0 && <span className={styles.none}>no label yet</span>}
          {prompt.labels.map(({ label, version }) => (
            <LabelChip key={label} label={label} version={version} />
          ))}
        </span>
        {prompt.description !== '' && (
          <span className={styles.description} dir="auto" title={prompt.description}>
            {prompt.description}
          </span>
        )}
      </Link>
    </li>
  );
}
