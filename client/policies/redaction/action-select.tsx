import { Select } from '@mantine/core';
import { type Icon, IconBan, IconHash, IconLock, IconMinus, IconSquareAsterisk } from '@tabler/icons-react';
import { choiceHelp, choiceLabel } from '../draft/detector-labels.ts';
import styles from './redaction.module.css';

const ICONS: Readonly<Record<string, Icon>> = { tokenise: IconLock, mask: IconSquareAsterisk, hash: IconHash, refuse: IconBan };

/** The icon of an action. */
export function ActionIcon({ choice, size = 15 }: { choice: string; size?: number }) {
  const Glyph = ICONS[choice.split('-')[0] ?? ''] ?? IconMinus;
  return <Glyph size={size} stroke={1.7} className={styles.actionIcon} data-action={choice.split('-')[0]} aria-hidden />;
}

interface Props {
  readonly label: string;
  readonly choice: string;
  readonly choices: readonly string[];
  /** The choice in force, if it differs. */
  readonly was: string | undefined;
  readonly onChange: (choice: string) => void;
}

/** What happens to what a detector finds, and what happened before. */
export function ActionSelect({ label, choice, choices, was, onChange }: Props) {
  return (
    <>
      <Select
        aria-label={label}
        classNames={{ input: styles.select ?? '' }}
        data-changed={was !== undefined || undefined}
        data={choices.map((value) => ({ value, label: choiceLabel(value) }))}
        value={choice}
        maxDropdownHeight={380}
        comboboxProps={{ width: 270, position: 'bottom-start' }}
        leftSection={<ActionIcon choice={choice} />}
        renderOption={({ option }) => (
          <div className={styles.option}>
            <ActionIcon choice={option.value} size={16} />
            <div>
              {option.label}
              <p className={styles.help}>{choiceHelp(option.value)}</p>
            </div>
          </div>
        )}
        onChange={(next) => next !== null && onChange(next)}
      />
      <span className={styles.was}>{was !== undefined && `was ${choiceLabel(was)}`}</span>
    </>
  );
}
