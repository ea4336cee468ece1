import { Menu } from '@mantine/core';
import { useEditorApi } from '../../open-workflow/editor-store.ts';
import { type MenuSubject, type OpenMenu, useCanvasUi, useCanvasUiApi } from '../view/canvas-ui.ts';
import { nodeElement } from '../view/use-canvas-focus.ts';
import { CanvasItems } from './canvas-items.tsx';
import { EdgeItems } from './edge-items.tsx';
import styles from './menu.module.css';
import { NodeItems } from './node-items.tsx';
import { SelectionItems } from './selection-items.tsx';

/** The menu of a node, an edge, the selection, or the canvas: at the pointer, or below what has the focus. */
export function ContextMenu() {
  const menu = useCanvasUi((ui) => ui.menu);
  // A new menu starts over: position, focus, and submenus.
  return menu && <OpenedMenu key={`${menu.screen.x} ${menu.screen.y} ${menu.subject.kind}`} menu={menu} />;
}

const WIDTH = 228;

function OpenedMenu({ menu: { screen, subject } }: { menu: OpenMenu }) {
  const ui = useCanvasUiApi();
  const editor = useEditorApi();
  const close = () => {
    ui.setState({ menu: null });
    // Unless the action moved the focus into a field or a panel.
    const { activeElement } = document;
    if (activeElement === document.body || activeElement?.closest('[role="menu"]'))
      nodeElement(editor.getState().selection.nodes[0])?.focus({ preventScroll: true });
  };
  return (
    <Menu opened onClose={close} position="bottom-start" offset={0} width={WIDTH} returnFocus={false} trapFocus>
      <Menu.Target>
        <button type="button" tabIndex={-1} aria-label={LABELS[subject.kind]} className={styles.place} style={{ left: screen.x, top: screen.y }} />
      </Menu.Target>
      <Menu.Dropdown aria-label={LABELS[subject.kind]} aria-labelledby={undefined} onContextMenu={(event) => event.preventDefault()}>
        <Items subject={subject} />
      </Menu.Dropdown>
    </Menu>
  );
}

const LABELS: Record<MenuSubject['kind'], string> = { node: 'Node', edge: 'Edge', selection: 'Selected nodes', canvas: 'Canvas' };

function Items({ subject }: { subject: MenuSubject }) {
  if (subject.kind === 'node') return <NodeItems nodeId={subject.id} />;
  if (subject.kind === 'edge') return <EdgeItems edgeId={subject.id} flow={subject.flow} />;
  return subject.kind === 'selection' ? <SelectionItems /> : <CanvasItems flow={subject.flow} />;
}
