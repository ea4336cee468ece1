import { Button, Menu } from '@mantine/core';
import { type Icon, IconCheck, IconChevronDown } from '@tabler/icons-react';
import styles from './filter-menu.module.css';

interface FilterMenuProps<T extends string> {
  /** The filtered property: “Status”. */
  readonly name: string;
  /** Shown while nothing is chosen: “Any status”. */
  readonly any: string;
  readonly Icon: Icon;
  readonly value: T | undefined;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly onChange: (value: T | undefined) => void;
}

/** A filter of a list: a small button that shows the selection. */
export function FilterMenu<T extends string>({ name, any, Icon, value, options, onChange }: FilterMenuProps<T>) {
  const chosen = options.find((option) => option.value === value);
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button
          className={styles.button}
          data-set={chosen !== undefined || undefined}
          leftSection={<Icon size={14} stroke={1.7} />}
          rightSection={<IconChevronDown size={14} stroke={1.7} />}
          aria-label={`${name}: ${chosen?.label ?? any}`}
        >
          {chosen?.label ?? any}
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={styles.options}>
        <Option label={any} chosen={chosen === undefined} onClick={() => onChange(undefined)} />
        {options.map((option) => (
          <Option key={option.value} label={option.label} chosen={option === chosen} onClick={() => onChange(option.value)} />
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Option({ label, chosen, onClick }: { label: string; chosen: boolean; onClick: () => void }) {
  return (
    <Menu.Item rightSection={chosen ? <IconCheck size={14} stroke={2} /> : undefined} aria-current={chosen || undefined} onClick={onClick}>
      {label}
    </Menu.Item>
  );
}
