import { UnstyledButton } from '@mantine/core';
import { fieldText } from '../graph-editing/field-text.ts';
import { type TextPart, textChanges } from '../text-changes/text-changes.ts';
import styles from './change-list.module.css';
import { type ComparedVersions, useComparison } from './comparison-context.tsx';
import type { Change, ChangeLine, Comparison } from './graph-changes.ts';

interface ChangeListProps {
  readonly comparison: Comparison;
  readonly versions: ComparedVersions;
}

/** What differs, field by field. Choosing a line shows its node or edge on the canvas. */
export function ChangeList({ comparison: { changes, truncated }, versions: { before, after } }: ChangeListProps) {
  const { current, show } = useComparison();
  if (changes.length === 0) return <p className={styles.none}>Nodes, edges, and variables are the same.</p>;
  return (
    <>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Node</th>
            <th scope="col">Field</th>
            <th scope="col">v{before}</th>
            <th scope="col">{after === 'draft' ? 'Draft' : `v${after}`}</th>
          </tr>
        </thead>
        <tbody>
          {changes.flatMap((change, index) =>
            change.lines.map((line, row) => (
              <Line key={`${change.id} ${line.field}`} change={change} line={line} repeats={row > 0} current={index === current} onShow={() => show(index)} />
            )),
          )}
        </tbody>
      </table>
      {truncated && <p className={styles.none}>More fields differ than are listed here.</p>}
    </>
  );
}

const SIGNS = { added: '+', removed: '−', changed: '~', moved: '↔' } as const;

interface LineProps {
  readonly change: Change;
  readonly line: ChangeLine;
  /** A further line of the same node. */
  readonly repeats: boolean;
  readonly current: boolean;
  readonly onShow: () => void;
}

function Line({ change: { kind, title }, line, repeats, current, onShow }: LineProps) {
  const { before, after } = sidesOf(line);
  return (
    <tr className={styles.row} data-current={current || undefined} onClick={onShow}>
      <th scope="row">
        <UnstyledButton className={styles.node} aria-current={current || undefined} onClick={onShow}>
          <i data-kind={kind} aria-hidden>
            {SIGNS[kind]}
          </i>
          <span data-quiet={repeats || undefined}>{title}</span>
          <span className="visually-hidden">, {kind}</span>
        </UnstyledButton>
      </th>
      <td className={styles.field}>{line.field}</td>
      <td data-side="before">
        <Text parts={before} />
      </td>
      <td data-side="after">
        <Text parts={after} />
      </td>
    </tr>
  );
}

function Text({ parts }: { parts: readonly TextPart[] }) {
  if (parts.every(({ text }) => text === '')) return <span className={styles.nothing}>–</span>;
  return (
    <span
      className={styles.text}
      title={parts
        .map(({ text }) => text)
        .join('')
        .slice(0, MOST_SHOWN)}
    >
      {parts.map((part, index) => {
        const Mark = part.kind === 'added' ? 'ins' : part.kind === 'removed' ? 'del' : 'span';
        // biome-ignore lint/suspicious/noArrayIndexKey: parts have no identity but their place
        return <Mark key={index}>{part.text}</Mark>;
      })}
    </span>
  );
}

/** Longer texts are compared as a whole, and cut in the list. */
const MOST_COMPARED = 4_000;
const MOST_SHOWN = 600;

/** Both sides of a line, with the words that differ marked in texts. */
function sidesOf({ before, after }: ChangeLine): { before: TextPart[]; after: TextPart[] } {
  const [was, is] = [fieldText(before), fieldText(after)];
  if (typeof before !== 'string' || typeof after !== 'string' || Math.max(was.length, is.length) > MOST_COMPARED) {
    return { before: [{ kind: 'removed', text: was.slice(0, MOST_SHOWN) }], after: [{ kind: 'added', text: is.slice(0, MOST_SHOWN) }] };
  }
  const parts = textChanges(was, is);
  return { before: parts.filter(({ kind }) => kind !== 'added'), after: parts.filter(({ kind }) => kind !== 'removed') };
}
