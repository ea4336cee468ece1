import type { DatasetItem } from '@switchyard/shared/contracts/evaluation/datasets.ts';
import { TimeAgo } from '../../../ui/figures.tsx';
import { inOneLine, inputInOneLine, SOURCE_LABELS, SPLIT_LABELS } from '../parts/item-words.ts';
import styles from './items.module.css';

interface TableProps {
  readonly items: readonly DatasetItem[];
  readonly open: string | undefined;
  readonly onOpen: (id: string) => void;
}

/** Items in one line each. A click or Enter opens one. */
export function ItemTable({ items, open, onOpen }: TableProps) {
  return (
    <table className={styles.table} aria-label="Items">
      <thead>
        <tr>
          <th scope="col">Input</th>
          <th scope="col">Expected</th>
          <th scope="col">Tags</th>
          <th scope="col">Split</th>
          <th scope="col">Source</th>
          <th scope="col">Changed</th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <ItemRow key={item.id} item={item} isOpen={item.id === open} onOpen={() => onOpen(item.id)} />
        ))}
      </tbody>
    </table>
  );
}

function ItemRow({ item, isOpen, onOpen }: { item: DatasetItem; isOpen: boolean; onOpen: () => void }) {
  const { input, expected, tags, split, source, updatedAt, removedAt } = item;
  return (
    <tr data-open={isOpen || undefined}>
      <td className={styles.input}>
        <button type="button" className={styles.opener} aria-expanded={isOpen} onClick={onOpen} dir="auto">
          {removedAt === null ? inputInOneLine(input) || 'Empty' : 'Removed with its run'}
        </button>
      </td>
      <td className={styles.expected} dir="auto">
        {removedAt === null && expected !== undefined ? inOneLine(expected) : <span className={styles.none}>–</span>}
      </td>
      <td className={styles.tags}>
        <Tags tags={tags} />
      </td>
      <td>{SPLIT_LABELS[split]}</td>
      <td>{SOURCE_LABELS[source.kind]}</td>
      <td className={styles.when}>
        <TimeAgo at={updatedAt} />
      </td>
    </tr>
  );
}

const MOST_TAGS = 3;

function Tags({ tags }: { tags: readonly string[] }) {
  const more = tags.length - MOST_TAGS;
  return (
    <span className={styles.tagList}>
      {tags.slice(0, MOST_TAGS).map((tag) => (
        <span key={tag} className={styles.tag}>
          {tag}
        </span>
      ))}
      {more > 0 && <span className={styles.none}>+{more}</span>}
    </span>
  );
}
