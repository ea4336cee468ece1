import { ActionIcon, Tooltip } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import styles from './tools.module.css';

interface ToolButtonProps {
  readonly icon: Icon;
  readonly label: string;
  /** Its key. */
  readonly hint?: string;
  readonly danger?: boolean;
  /** Not reached by Tab: the same action has a key. */
  readonly pointerOnly?: boolean;
  readonly onClick: () => void;
}

/** A small icon button on a floating bar, with a tooltip that names its key. */
export function ToolButton({ icon: Glyph, label, hint, danger = false, pointerOnly = false, onClick }: ToolButtonProps) {
  return (
    <Tooltip label={hint ? `${label} (${hint})` : label} position="top">
      <ActionIcon
        size={28}
        className={styles.tool}
        data-danger={danger || undefined}
        aria-label={label}
        tabIndex={pointerOnly ? -1 : undefined}
        onClick={onClick}
      >
        <Glyph size={16} stroke={1.7} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
