import { ActionIcon } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconSearch, IconX } from '@tabler/icons-react';
import { useReactFlow } from '@xyflow/react';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useEditor, useEditorApi } from '../../open-workflow/editor-store.ts';
import { useReturnFocus } from '../../ui/use-return-focus.ts';
import { useCanvasUi, useCanvasUiApi } from '../view/canvas-ui.ts';
import { nodeElement } from '../view/use-canvas-focus.ts';
import { motion } from '../view/viewport.ts';
import { findNodes } from './find-nodes.ts';
import styles from './finder.module.css';

/** Finds nodes on the canvas. Opens with Ctrl F. */
export function Finder() {
  const open = useCanvasUi((ui) => ui.finding);
  return open ? <Open /> : null;
}

function Open() {
  const editor = useEditorApi();
  const ui = useCanvasUiApi();
  const box = useRef<HTMLElement>(null);
  useReturnFocus(box, () => nodeElement(editor.getState().selection.nodes[0]));
  const [search, setSearch] = useState('');
  const { ids, at, go } = useFound(search);
  const showLarge = useShowLarge();
  const close = () => ui.setState({ finding: false });
  const onKeyDown = (event: KeyboardEvent) => {
    const current = ids[at];
    if (event.key === 'Escape') close();
    else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) current !== undefined && showLarge(current);
    else if (event.key === 'Enter') go(event.shiftKey ? -1 : 1);
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') go(event.key === 'ArrowUp' ? -1 : 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <search ref={box} className={styles.finder} aria-label="Find nodes">
      <IconSearch size={15} stroke={1.75} aria-hidden />
      <input
        aria-label="Find nodes"
        placeholder="Title, key, type, or text"
        title="Enter: next. Ctrl Enter: zoom in."
        // biome-ignore lint/a11y/noAutofocus: opens in response to a user action
        autoFocus
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <output className={styles.count}>{countText(search, at, ids.length)}</output>
      <ActionIcon size={24} aria-label="Previous match" disabled={ids.length < 2} onClick={() => go(-1)}>
        <IconChevronUp size={16} stroke={1.7} />
      </ActionIcon>
      <ActionIcon size={24} aria-label="Next match" disabled={ids.length < 2} onClick={() => go(1)}>
        <IconChevronDown size={16} stroke={1.7} />
      </ActionIcon>
      <ActionIcon size={24} aria-label="Close search" onClick={close}>
        <IconX size={16} stroke={1.7} />
      </ActionIcon>
    </search>
  );
}

function countText(search: string, at: number, count: number): string {
  if (search.trim() === '') return '';
  return count === 0 ? 'No nodes' : `${at + 1} of ${count} ${count === 1 ? 'node' : 'nodes'}`;
}

/** The matches of a search, marked on the canvas, and the one that is selected. */
function useFound(search: string) {
  const editor = useEditorApi();
  const ui = useCanvasUiApi();
  const graph = useEditor((state) => state.graph);
  const ids = useMemo(() => findNodes(graph, search), [graph, search]);
  const [chosen, setChosen] = useState<string>();
  const at = Math.max(0, ids.indexOf(chosen ?? ''));
  const current = ids[at];
  useEffect(() => ui.setState({ found: ids.length > 0 ? { ids, current } : null }), [ui, ids, current]);
  useEffect(() => () => ui.setState({ found: null }), [ui]);
  useEffect(() => {
    if (current !== undefined) editor.getState().select([current]);
  }, [editor, current]);
  return { ids, at, go: (by: number) => setChosen(ids[(at + by + ids.length) % ids.length]) };
}

/** Centers a node at 100%. */
function useShowLarge(): (nodeId: string) => void {
  const flow = useReactFlow();
  return (nodeId) => {
    const node = flow.getInternalNode(nodeId);
    if (!node) return;
    const { x, y } = node.internals.positionAbsolute;
    const { width = 0, height = 0 } = node.measured;
    void flow.setCenter(x + width / 2, y + height / 2, { zoom: 1, duration: motion(160) });
  };
}
