import { nodeTypes } from '@switchyard/nodes/catalog.ts';
import { useRef, useState } from 'react';
import { NodeIcon } from '../../node-look/node-icon.tsx';
import { useEditorApi } from '../../open-workflow/editor-store.ts';
import { Kbd } from '../../ui/kbd.tsx';
import { useReturnFocus } from '../../ui/use-return-focus.ts';
import { type DroppedEdge, useCanvasUi, useCanvasUiApi } from '../view/canvas-ui.ts';
import { nodeElement } from '../view/use-canvas-focus.ts';
import styles from './palette.module.css';
import { bestMatch, fitting, type PaletteGroup, paletteGroups } from './palette-groups.ts';
import { type PickGroup, PickList } from './pick-list.tsx';
import { useAddNode } from './use-add-node.ts';
import { usePaletteDrag } from './use-palette-drag.ts';

const asPicks = (groups: readonly PaletteGroup[]): PickGroup[] =>
  groups.map(({ title, items }) => ({
    title,
    items: items.map((item) => ({
      id: item.type,
      title: item.title,
      line: item.summary,
      icon: <NodeIcon icon={item.icon} category={item.category} size={28} />,
    })),
  }));

/** The palette on the left: click or drag a node, or type and press Enter. */
export function DockedPalette() {
  const open = useCanvasUi((ui) => ui.paletteOpen);
  return open ? <Docked /> : null;
}

/** Returns the focus to the node that was added last. */
function useBackToStep() {
  const editor = useEditorApi();
  const root = useRef<HTMLDivElement>(null);
  useReturnFocus(root, () => nodeElement(editor.getState().selection.nodes[0]));
  return root;
}

function Docked() {
  const ui = useCanvasUiApi();
  const root = useBackToStep();
  const [search, setSearch] = useState('');
  const add = useAddNode();
  const drag = usePaletteDrag();
  const groups = paletteGroups(nodeTypes, search);
  return (
    <aside ref={root} className={styles.docked} aria-label="Add a node">
      <PickList
        label="Search nodes"
        placeholder="Search nodes"
        search={search}
        onSearch={setSearch}
        groups={asPicks(groups)}
        first={search ? bestMatch(groups)?.type : undefined}
        empty={`No nodes match “${search}”.`}
        hint={<Kbd>N</Kbd>}
        onPick={(type) => {
          add.fromPalette(type);
          setSearch('');
        }}
        onPress={drag}
        onClose={() => ui.setState({ paletteOpen: false })}
      />
    </aside>
  );
}

/** The palette at the point where an edge was dropped. The picked node is connected to the edge. */
export function FloatingPalette() {
  const dropped = useCanvasUi((ui) => ui.droppedEdge);
  return dropped && <Afloat dropped={dropped} />;
}

const WIDTH = 300;
const HEIGHT = 380;

function Afloat({ dropped }: { dropped: DroppedEdge }) {
  const ui = useCanvasUiApi();
  const root = useBackToStep();
  const [search, setSearch] = useState('');
  const add = useAddNode();
  const groups = paletteGroups(fitting(nodeTypes, dropped.fromPort.side), search);
  const close = () => ui.setState({ droppedEdge: null });
  const left = Math.max(8, Math.min(dropped.screen.x, window.innerWidth - WIDTH - 8));
  const top = Math.max(8, Math.min(dropped.screen.y, window.innerHeight - HEIGHT - 8));
  return (
    <>
      {/* A click outside closes it. The keyboard equivalent is Escape. */}
      <div className={styles.beside} onPointerDown={close} aria-hidden />
      <div ref={root} className={styles.afloat} style={{ left, top, width: WIDTH, height: HEIGHT }}>
        <PickList
          label="Search nodes"
          placeholder="Search nodes"
          search={search}
          onSearch={setSearch}
          groups={asPicks(groups)}
          first={bestMatch(groups)?.type}
          empty={`No nodes match “${search}”.`}
          onPick={(type) => add.atDroppedEdge(type, dropped)}
          onClose={close}
        />
      </div>
    </>
  );
}
