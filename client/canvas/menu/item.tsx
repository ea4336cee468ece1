import { Menu } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import { COMMAND_KEY } from '../../ui/kbd.tsx';

interface ItemProps {
  readonly icon: Icon;
  readonly label: string;
  /** Its shortcut. `⌘` is replaced by the platform’s command key. */
  readonly keys?: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}

/** An item of a context menu, with its key at the right. */
export function Item({ icon: Glyph, label, keys, danger = false, disabled = false, onClick }: ItemProps) {
  return (
    <Menu.Item
      leftSection={<Glyph size={16} stroke={1.7} aria-hidden />}
      rightSection={keys?.replace('⌘', COMMAND_KEY)}
      disabled={disabled}
      {...(danger && { color: 'red' })}
      onClick={onClick}
    >
      {label}
    </Menu.Item>
  );
}
