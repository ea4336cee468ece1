import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { COMMAND_KEY, Kbd } from '../ui/kbd.tsx';
import { openPalette } from './commands.ts';
import styles from './search-box.module.css';

interface SearchBoxProps {
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly label: string;
  readonly wide?: boolean;
  /** Shows the shortcut of the command palette, which searches everything else. */
  readonly withPalette?: boolean;
}

/** The search in a top bar, which filters the page. */
export function SearchBox({ value, onChange, label, wide = false, withPalette = false }: SearchBoxProps) {
  return (
    <TextInput
      className={wide ? styles.wide : styles.box}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      placeholder={label}
      aria-label={label}
      type="search"
      leftSection={<IconSearch size={16} stroke={1.7} />}
      rightSectionWidth={56}
      rightSection={withPalette && value === '' ? <PaletteKey /> : undefined}
    />
  );
}

function PaletteKey() {
  return (
    <button type="button" className={styles.key} onClick={openPalette} title="Search and commands">
      <Kbd>{COMMAND_KEY === '⌘' ? '⌘K' : 'Ctrl K'}</Kbd>
    </button>
  );
}
