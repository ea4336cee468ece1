import type { PromptWithVersions } from '@switchyard/shared/contracts/prompts.ts';
import { useEffect, useRef } from 'react';
import { actorLabel } from '../../run-look/actor-label.ts';
import { TimeAgo } from '../../ui/figures.tsx';
import type { PromptDraft } from '../draft/use-prompt-draft.ts';
import { LabelChip } from '../parts/label-chip.tsx';
import styles from './history.module.css';

interface Props {
  readonly prompt: PromptWithVersions;
  readonly draft: PromptDraft;
  readonly shown: number | undefined;
  readonly onVersion: (version: number | undefined) => void;
}

/** The versions as points on a line, oldest first, with their labels. Unsaved work is a dashed point at the end. */
export function History({ prompt, draft, shown, onVersion }: Props) {
  const list = useRef<HTMLOListElement>(null);
  const points = [...prompt.versions].reverse();
  const current = shown ?? (draft.isChanged ? undefined : prompt.latestVersion);
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls again when another version is shown or added
  useEffect(() => {
    const point = list.current?.querySelector('[aria-current]');
    point?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [current, prompt.latestVersion]);
  return (
    <ol ref={list} className={styles.line} aria-label="Versions">
      {points.map(({ number, note, createdAt, actor }) => (
        <li key={number} className={styles.point}>
          <button type="button" className={styles.version} aria-current={current === number || undefined} onClick={() => onVersion(number)}>
            <span className={styles.first}>
              <b>v{number}</b>
              <TimeAgo at={createdAt} />
              {prompt.labels
                .filter(({ version }) => version === number)
                .map(({ label }) => (
                  <LabelChip key={label} label={label} />
                ))}
            </span>
            <span className={styles.note} title={note}>
              {note || 'No note'}
            </span>
            <span className={styles.actor}>{actorLabel(actor)}</span>
          </button>
        </li>
      ))}
      {draft.isChanged && (
        <li className={styles.point} data-unsaved>
          <button type="button" className={styles.version} aria-current={shown === undefined || undefined} onClick={() => onVersion(undefined)}>
            <span className={styles.first}>
              <b>v{prompt.latestVersion + 1}</b>
              <span>not saved</span>
            </span>
            <span className={styles.note}>{draft.note || 'Your edits'}</span>
            <span className={styles.actor}>You</span>
          </button>
        </li>
      )}
    </ol>
  );
}
