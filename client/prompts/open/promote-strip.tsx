import { Autocomplete, Button, TextInput } from '@mantine/core';
import { type PromptWithVersions, promptName } from '@switchyard/shared/contracts/prompts.ts';
import { useEffect, useRef } from 'react';
import { useMovePromptLabel } from '../../api/prompt-actions.ts';
import { SendError } from '../../frame/send-error.tsx';
import { useLocalTexts } from '../../ui/use-local-texts.ts';
import { useReturnFocus } from '../../ui/use-return-focus.ts';
import type { MovedLabel } from './moved-strip.tsx';
import styles from './strip.module.css';

interface Props {
  readonly prompt: PromptWithVersions;
  readonly version: number;
  /** Called when a label was created for this version, or moved to it. */
  readonly onMoved: (moved: MovedLabel) => void;
  readonly onClose: () => void;
}

/** Points a label to a version: which label, from which version, and why. */
export function PromoteStrip({ prompt, version, onMoved, onClose }: Props) {
  const { texts, keep, forget } = useLocalTexts(`promote:${prompt.name}`);
  const move = useMovePromptLabel(prompt.name);
  const label = texts.label ?? 'production';
  const reason = texts.reason ?? '';
  const from = prompt.labels.find((known) => known.label === label)?.version;
  const isValid = promptName.safeParse(label).success;
  const known = [...new Set(['production', 'staging', ...prompt.labels.map((one) => one.label)])];
  const strip = useRef<HTMLElement>(null);
  const first = useRef<HTMLInputElement>(null);
  useReturnFocus(strip);
  useEffect(() => first.current?.focus(), []);
  const submit = () =>
    move.mutate(
      { label, version, ...(reason.trim() !== '' && { reason: reason.trim() }) },
      {
        onSuccess: () => {
          forget();
          onMoved({ label, from, version });
          onClose();
        },
      },
    );
  return (
    <section ref={strip} className={styles.strip} aria-label="Promote a version">
      <form
        className={styles.fields}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Autocomplete
          className={styles.label}
          label="Label"
          leftSection={<i className={styles.dot} data-live={label === 'production' || undefined} aria-hidden />}
          data={known}
          value={label}
          maxLength={60}
          error={isValid ? undefined : 'Use lowercase letters, digits, and -'}
          onChange={(next) => keep({ label: next })}
        />
        <span className={styles.move}>
          {from === undefined ? 'new' : `v${from}`} <span aria-hidden>→</span>
          <span className="visually-hidden">to</span> <b>v{version}</b>
        </span>
        <TextInput
          ref={first}
          className={styles.grow}
          label="Reason"
          placeholder="Why this version"
          maxLength={1_000}
          value={reason}
          onChange={(event) => keep({ reason: event.currentTarget.value })}
        />
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="filled" type="submit" loading={move.isPending} disabled={!isValid || from === version}>
          Promote v{version} to {label || '…'}
        </Button>
      </form>
      <p className={styles.words}>
        {from === version ? (
          `“${label}” already points to version ${version}.`
        ) : (
          <span>
            The next run that uses{' '}
            <code>
              {prompt.name}@{label}
            </code>{' '}
            gets v{version}. Runs in progress keep their version, and nothing is published.
          </span>
        )}
      </p>
      <SendError error={move.error} />
    </section>
  );
}
