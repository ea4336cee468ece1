import { UnstyledButton } from '@mantine/core';
import { IconArrowBarToDown, IconChevronRight, IconGripVertical } from '@tabler/icons-react';
import { type DragEvent, useId, useMemo, useRef, useState } from 'react';
import { useExpressionScope } from '../../expressions/expression-scope.tsx';
import { DRAGGED, fieldWithin } from '../../expressions/field-handles.ts';
import { SearchBox } from '../../frame/search-box.tsx';
import { useEditor, useEditorApi } from '../../open-workflow/editor-store.ts';
import { treeKeys } from './tree-keys.ts';
import classes from './value-browser.module.css';
import { topValues, type ValueNode, visibleValues } from './value-tree.ts';

/** All values that the node can read, as a tree. Each can be dragged into a field, or inserted where the cursor was last. */
export function ValueBrowser() {
  const { schema, data } = useExpressionScope();
  const graph = useEditor((state) => state.graph);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set(['input']));
  const [search, setSearch] = useState('');
  const [at, setAt] = useState<string>();
  const list = useRef<HTMLDivElement>(null);
  const insert = useInsert(list);
  const top = useMemo(() => {
    const titles = new Map(graph.nodes.map((node) => [node.data.key, node.data.title]));
    return topValues(schema(), { ...data }, (key) => titles.get(key));
  }, [graph, schema, data]);
  const shown = useMemo(() => visibleValues(top, open, search), [top, open, search]);
  const current = shown.find(({ expression }) => expression === at) ?? shown[0];
  const toggle = ({ expression }: ValueNode) =>
    setOpen(new Set(open.has(expression) ? [...open].filter((other) => other !== expression) : [...open, expression]));
  const focus = ({ expression }: ValueNode) => {
    setAt(expression);
    list.current?.querySelector<HTMLElement>(`[data-value="${CSS.escape(expression)}"]`)?.focus();
  };
  const onKeyDown = treeKeys({ shown, current, isOpen: current !== undefined && open.has(current.expression), toggle, insert, focus });
  return (
    <div className={classes.browser}>
      <SearchBox value={search} onChange={setSearch} label="Search values" wide />
      {shown.length === 0 && <p className={classes.none}>No values match</p>}
      <div ref={list} className={classes.list} role="tree" tabIndex={-1} aria-label="Available values" onKeyDown={onKeyDown}>
        {shown.map((node) => (
          <Row
            key={node.expression}
            node={node}
            isOpen={search === '' && node.hasParts ? open.has(node.expression) : undefined}
            isFlat={search !== ''}
            isCurrent={node === current}
            onToggle={() => toggle(node)}
            onInsert={() => insert(node)}
            onFocus={() => setAt(node.expression)}
          />
        ))}
      </div>
    </div>
  );
}

/** Inserts a value into the field of the panel that was focused last. */
function useInsert(list: { readonly current: HTMLElement | null }): (node: ValueNode) => void {
  const editor = useEditorApi();
  return ({ expression }) => {
    const panel = list.current?.closest<HTMLElement>('[data-side-panel]');
    const field = panel && fieldWithin(panel);
    if (!field) return;
    field.insert({ inside: expression, alone: expression });
    editor.getState().announce(`${expression} inserted`);
  };
}

interface RowProps {
  readonly node: ValueNode;
  /** Undefined without parts. */
  readonly isOpen: boolean | undefined;
  /** Found by a search: shown by its whole expression. */
  readonly isFlat: boolean;
  readonly isCurrent: boolean;
  readonly onToggle: () => void;
  readonly onInsert: () => void;
  readonly onFocus: () => void;
}

function Row({ node, isOpen, isFlat, isCurrent, onToggle, onInsert, onFocus }: RowProps) {
  const id = useId();
  const { expression, name, title, level, detail, isKnown } = node;
  return (
    <div
      className={classes.row}
      role="treeitem"
      data-value={expression}
      aria-level={isFlat ? 1 : level + 1}
      aria-expanded={isOpen}
      aria-labelledby={id}
      aria-selected={isCurrent}
      tabIndex={isCurrent ? 0 : -1}
      style={{ paddingLeft: isFlat ? 4 : 4 + level * 14 }}
      draggable
      onDragStart={(event) => startDrag(event, node)}
      onFocus={onFocus}
    >
      <IconGripVertical size={12} aria-hidden className={classes.grip} />
      {isOpen === undefined ? (
        <span className={classes.chevron} />
      ) : (
        <UnstyledButton
          className={classes.chevron}
          data-open={isOpen || undefined}
          tabIndex={-1}
          aria-label={isOpen ? `Close ${expression}` : `Open ${expression}`}
          onClick={onToggle}
        >
          <IconChevronRight size={13} aria-hidden />
        </UnstyledButton>
      )}
      <span id={id} className={classes.texts}>
        <code className={classes.name} data-top={level === 0 || undefined}>
          {isFlat ? expression : name}
        </code>{' '}
        {title !== undefined && title !== name && <span className={classes.title}>{title}</span>}{' '}
        <span className={classes.detail} data-unknown={!isKnown || undefined}>
          {detail}
        </span>
      </span>
      <UnstyledButton className={classes.insert} tabIndex={-1} title="Insert" aria-label={`Insert ${expression}`} onClick={onInsert}>
        <IconArrowBarToDown size={13} aria-hidden />
      </UnstyledButton>
    </div>
  );
}

/** Drags the expression. Its path and value follow the pointer. */
function startDrag(event: DragEvent<HTMLElement>, { expression, detail }: ValueNode): void {
  event.dataTransfer.setData(DRAGGED, expression);
  event.dataTransfer.setData('text/plain', `{{ ${expression} }}`);
  event.dataTransfer.effectAllowed = 'copy';
  const image = document.createElement('div');
  image.className = classes.dragged ?? '';
  const path = document.createElement('code');
  path.textContent = expression;
  const value = document.createElement('b');
  value.textContent = detail;
  image.append(path, value);
  document.body.append(image);
  event.dataTransfer.setDragImage(image, 8, 8);
  setTimeout(() => image.remove());
}
