import { ActionIcon, Button } from '@mantine/core';
import type { PromptWithVersions } from '@switchyard/shared/contracts/prompts.ts';
import { IconArrowBackUp, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useUndoPromotion } from '../../api/prompt-actions.ts';
import { LabelChip } from '../parts/label-chip.tsx';
import styles from './strip.module.css';

/** A label that was created, or moved to another version, on this page. */
export interface MovedLabel {
  readonly label: string;
  /** Undefined for a new label. */
  readonly from: number | undefined;
  readonly version: number;
}

/** The last label moved on this page, as long as it still points to that version. */
export function useMovedLabel({ labels }: PromptWithVersions): readonly [MovedLabel | undefined, (moved: MovedLabel | undefined) => void] {
  const [moved, setMoved] = useState<MovedLabel>();
  const isThere = labels.some(({ label, version }) => label === moved?.label && version === moved.version);
  return [isThere ? moved : undefined, setMoved];
}

/** Says where a label points now, with an undo that stays until it is closed. */
export function MovedStrip({ name, moved, onClose }: { name: string; moved: MovedLabel; onClose: () => void }) {
  const undo = useUndoPromotion(name);
  const { label, from, version } = moved;
  return (
    <section className={styles.moved} aria-label="Moved label">
      <p role="status">
        <LabelChip label={label} version={version} /> {from === undefined ? 'is new' : `was v${from}`}. Runs that start now get v{version}.
      </p>
      <Button size="xs" leftSection={<IconArrowBackUp size={15} stroke={1.7} />} loading={undo.isPending} onClick={() => undo.mutate(moved)}>
        Undo
      </Button>
      <ActionIcon aria-label="Close" onClick={onClose}>
        <IconX size={16} stroke={1.7} />
      </ActionIcon>
    </section>
  );
}
