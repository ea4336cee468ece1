import { IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import styles from './pick-list.module.css';

export interface PickItem {
  readonly id: string;
  readonly title: string;
  readonly line?: string;
  readonly icon?: ReactNode;
}
export interface PickGroup {
  readonly title: string;
  /** Beside the title. */
  readonly note?: ReactNode;
  readonly items: readonly PickItem[];
}

interface PickListProps {
  readonly label: string;
  readonly placeholder: string;
  readonly search: string;
  readonly onSearch: (search: string) => void;
  readonly groups: readonly PickGroup[];
  /** What Enter picks until the arrow keys choose another item. */
  readonly first: string | undefined;
  readonly empty: string;
  readonly hint?: ReactNode;
  readonly onPick: (id: string) => void;
  readonly onClose: () => void;
  /** Takes over a press on an item to drag it. */
  readonly onPress?: (event: PointerEvent<HTMLElement>, id: string) => void;
}

/** A searchable list: type, arrow keys, Enter. The search field keeps the focus. */
export function PickList({ label, placeholder, search, onSearch, groups, first, empty, hint, onPick, onClose, onPress }: PickListProps) {
  const listId = useId();
  const [chosen, setChosen] = useState<string>();
  const list = useRef<HTMLDivElement>(null);
  const ids = groups.flatMap((group) => group.items.map((item) => item.id));
  const active = chosen !== undefined && ids.includes(chosen) ? chosen : first;
  useEffect(() => {
    if (active) list.current?.querySelector(`[data-pick="${CSS.escape(active)}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onClose();
    else if (event.key === 'Enter' && active) onPick(active);
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const at = ids.indexOf(active ?? '') + (event.key === 'ArrowDown' ? 1 : -1);
      setChosen(ids[(at + ids.length) % ids.length]);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className={styles.pick}>
      <div className={styles.search}>
        <IconSearch size={15} stroke={1.75} aria-hidden />
        <input
          role="combobox"
          aria-label={label}
          aria-expanded
          aria-controls={listId}
          aria-activedescendant={active ? `${listId}-${active}` : undefined}
          // biome-ignore lint/a11y/noAutofocus: opens in response to a user action
          autoFocus
          placeholder={placeholder}
          value={search}
          onChange={(event) => {
            onSearch(event.target.value);
            setChosen(undefined);
          }}
          onKeyDown={onKeyDown}
        />
        {hint}
      </div>
      <div ref={list} id={listId} role="listbox" aria-label={label} className={styles.list}>
        {groups.map((group) => (
          // biome-ignore lint/a11y/useSemanticElements: a listbox can’t contain a fieldset
          <div key={group.title} role="group" aria-label={group.title} className={styles.group}>
            <div className={styles.heading}>
              <span>{group.title}</span>
              {group.note}
            </div>
            {group.items.map((item) => (
              <PickRow key={item.id} item={item} id={`${listId}-${item.id}`} active={item.id === active} onPick={onPick} onPress={onPress} />
            ))}
          </div>
        ))}
        {ids.length === 0 && <p className={styles.empty}>{empty}</p>}
      </div>
    </div>
  );
}

interface PickRowProps {
  readonly item: PickItem;
  readonly id: string;
  readonly active: boolean;
  readonly onPick: (id: string) => void;
  readonly onPress: PickListProps['onPress'];
}

function PickRow({ item, id, active, onPick, onPress }: PickRowProps) {
  return (
    <div
      role="option"
      id={id}
      tabIndex={-1}
      data-pick={item.id}
      aria-selected={active}
      className={styles.item}
      data-draggable={onPress ? true : undefined}
      onPointerDown={(event) => onPress?.(event, item.id)}
      onClick={() => onPick(item.id)}
      onKeyDown={(event) => event.key === 'Enter' && onPick(item.id)}
    >
      {item.icon}
      <span className={styles.words}>
        <span className={styles.title}>{item.title}</span>
        {item.line && <span className={styles.line}>{item.line}</span>}
      </span>
    </div>
  );
}
