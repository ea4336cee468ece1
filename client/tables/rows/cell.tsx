import type { Column } from '@switchyard/shared/tables/table.ts';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { shownCell, typedCell } from './cell-text.ts';
import styles from './grid.module.css';

interface CellProps {
  readonly column: Column;
  readonly value: unknown;
  /** Whether it is the cell that the Tab key reaches. */
  readonly isCurrent: boolean;
  /** The text to edit. Undefined while it is only shown. */
  readonly editing: string | undefined;
  readonly onFocus: () => void;
  readonly onEdit: (text: string) => void;
  /** Ends editing. With a value, stores it. `move`: where to go next. */
  readonly onDone: (done: { readonly value?: unknown; readonly move?: 'down' | 'right' | 'left' }) => void;
}

/** A cell of the grid. Enter, F2, a double click, or typing edits it. */
export function Cell({ column, value, isCurrent, editing, onFocus, onEdit, onDone }: CellProps) {
  const text = shownCell(column, value);
  return (
    <td
      className={styles.cell}
      data-type={column.type}
      tabIndex={isCurrent ? 0 : -1}
      onFocus={onFocus}
      onDoubleClick={() => onEdit(text)}
      data-editing={editing !== undefined || undefined}
    >
      {editing === undefined ? <span className={styles.text}>{text}</span> : <Editor column={column} before={text} text={editing} onDone={onDone} />}
    </td>
  );
}

function Editor({ column, before, text: first, onDone }: Pick<CellProps, 'column' | 'onDone'> & { before: string; text: string }) {
  const [text, setText] = useState(first);
  const [problem, setProblem] = useState<string>();
  const field = useRef<HTMLTextAreaElement>(null);
  const isDone = useRef(false);
  useEffect(() => {
    field.current?.focus();
    field.current?.setSelectionRange(first.length, first.length);
  }, [first]);
  const end = (done: Parameters<CellProps['onDone']>[0]) => {
    isDone.current = true;
    onDone(done);
  };
  const store = (move?: 'down' | 'right' | 'left') => {
    const moved = move ? { move } : {};
    if (text === before) return end(moved);
    const read = typedCell(column, text);
    if ('problem' in read) setProblem(read.problem);
    else end({ value: read.value, ...moved });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === 'Escape') end({});
    else if (event.key === 'Enter' && !event.shiftKey && !event.altKey) store('down');
    else if (event.key === 'Tab') store(event.shiftKey ? 'left' : 'right');
    else return;
    event.preventDefault();
  };
  return (
    <>
      <textarea
        ref={field}
        className={styles.editor}
        aria-label={column.name}
        aria-invalid={problem !== undefined}
        rows={Math.min(8, text.split('\n').length)}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setProblem(undefined);
        }}
        onKeyDown={onKeyDown}
        onBlur={() => isDone.current || store()}
      />
      {problem !== undefined && (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
    </>
  );
}
