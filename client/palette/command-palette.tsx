import { Modal } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { type Command, closePalette, usePalette } from '../frame/commands.ts';
import { Kbd } from '../ui/kbd.tsx';
import styles from './command-palette.module.css';
import { findCommands } from './find-commands.ts';
import { useAllCommands } from './use-all-commands.tsx';

/** Pages, workflows, templates, and the commands of the open page in one place. */
export function CommandPalette() {
  const open = usePalette((palette) => palette.open);
  return (
    <Modal
      opened={open}
      onClose={closePalette}
      withCloseButton={false}
      size={560}
      yOffset="14vh"
      centered={false}
      attributes={{ content: { 'aria-label': 'Search and commands' } }}
      classNames={{ body: styles.body ?? '' }}
    >
      <PaletteBody />
    </Modal>
  );
}

function PaletteBody() {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const id = useId();
  const commands = useAllCommands();
  const found = useMemo(() => findCommands(commands, text), [commands, text]);
  const current = found[Math.min(chosen, found.length - 1)];
  const run = (command: Command | undefined) => {
    if (!command) return;
    closePalette();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && found.length > 0) {
      event.preventDefault();
      setChosen((Math.min(chosen, found.length - 1) + step + found.length) % found.length);
    } else if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault();
      run(current);
    }
  };
  return (
    <>
      <div className={styles.search}>
        <IconSearch size={18} stroke={1.6} aria-hidden />
        <input
          data-autofocus
          className={styles.input}
          placeholder="Search pages, workflows, and commands"
          role="combobox"
          aria-expanded={found.length > 0}
          aria-controls={found.length > 0 ? `${id}-list` : undefined}
          aria-activedescendant={current && `${id}-${current.id}`}
          aria-label="Search and commands"
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setChosen(0);
          }}
          onKeyDown={onKeyDown}
        />
        <Kbd>Esc</Kbd>
      </div>
      <Results id={id} found={found} current={current} run={run} />
    </>
  );
}

function Results({ id, found, current, run }: { id: string; found: readonly Command[]; current: Command | undefined; run: (command: Command) => void }) {
  const list = useRef<HTMLDivElement>(null);
  const currentId = current && `${id}-${current.id}`;
  useEffect(() => {
    if (currentId) document.getElementById(currentId)?.scrollIntoView({ block: 'nearest' });
  }, [currentId]);
  if (found.length === 0) {
    return (
      <p className={styles.none} role="status">
        No results. Try a shorter search.
      </p>
    );
  }
  return (
    <div className={styles.list} id={`${id}-list`} ref={list} role="listbox" aria-label="Found">
      {found.map((command, index) => (
        <div key={command.id} role="presentation">
          {command.group !== found[index - 1]?.group && <div className={styles.group}>{command.group}</div>}
          {/* biome-ignore lint/a11y/useFocusableInteractive: the input keeps the focus and points here with aria-activedescendant */}
          {/* biome-ignore lint/a11y/useKeyWithClickEvents: Enter in the input runs the selected command */}
          <div
            id={`${id}-${command.id}`}
            role="option"
            aria-selected={command === current}
            className={styles.option}
            data-chosen={command === current || undefined}
            onClick={() => run(command)}
          >
            <span className={styles.icon}>{command.icon}</span>
            <span className={styles.title}>{command.title}</span>
            {command.hint && <span className={styles.hint}>{command.hint}</span>}
          </div>
        </div>
      ))}
    </div>
  );
}
