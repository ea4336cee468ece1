import { nodeTypes } from '@switchyard/nodes/catalog.ts';
import { lazy, Suspense, useRef, useState } from 'react';
import { useEditor, useEditorApi } from '../../open-workflow/editor-store.ts';
import { Kbd } from '../../ui/kbd.tsx';
import { useReturnFocus } from '../../ui/use-return-focus.ts';
import { type Adding, useCanvasUi, useCanvasUiApi } from '../view/canvas-ui.ts';
import { nodeElement } from '../view/use-canvas-focus.ts';
import type { ImportFrom } from './import-dialog.tsx';
import styles from './palette.module.css';
import { fitting } from './palette-groups.ts';
import { PickList } from './pick-list.tsx';
import { canInsert, isAddedInside, isInsideAt, useAddNode } from './use-add-node.ts';
import { usePalette } from './use-palette.tsx';
import { usePaletteDrag } from './use-palette-drag.ts';

const ImportDialog = lazy(() => import('./import-dialog.tsx').then((module) => ({ default: module.ImportDialog })));

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
  const [importing, setImporting] = useState<ImportFrom>();
  const inside = useEditor(({ graph, selection }) => isAddedInside(graph, selection.nodes));
  const palette = usePalette(search, { inside, onImport: setImporting });
  return (
    <aside ref={root} className={styles.docked} aria-label="Add a node">
      <PickList
        label="Search nodes"
        placeholder="Search nodes"
        search={search}
        onSearch={setSearch}
        groups={palette.groups}
        first={search ? palette.first : undefined}
        empty={`No nodes match “${search}”.`}
        hint={<Kbd>N</Kbd>}
        onPick={(id) => {
          palette.pick(id, add.fromPalette);
          setSearch('');
        }}
        onPress={(press, id) => drag(press, palette.addableOf(id))}
        onClose={() => ui.setState({ paletteOpen: false })}
      />
      {importing && (
        <Suspense fallback={null}>
          <ImportDialog from={importing} onAdd={(preset) => add.fromPalette({ type: 'tool', preset })} onClose={() => setImporting(undefined)} />
        </Suspense>
      )}
    </aside>
  );
}

/** The palette at a place of the canvas: where an edge was dropped, on an edge, or where the context menu was opened. */
export function FloatingPalette() {
  const adding = useCanvasUi((ui) => ui.adding);
  return adding && <Afloat adding={adding} />;
}

/** The node types that fit where the palette is open. */
function offeredAt(adding: Adding) {
  if (adding.kind === 'port') return fitting(nodeTypes, adding.fromPort.side);
  return adding.kind === 'edge' ? nodeTypes.filter(({ type }) => canInsert(type)) : nodeTypes;
}

const WIDTH = 300;
const HEIGHT = 380;

function Afloat({ adding }: { adding: Adding }) {
  const ui = useCanvasUiApi();
  const root = useBackToStep();
  const [search, setSearch] = useState('');
  const add = useAddNode();
  const inside = useEditor(({ graph }) => isInsideAt(graph, adding));
  const palette = usePalette(search, { definitions: offeredAt(adding), inside });
  const close = () => ui.setState({ adding: null });
  const left = Math.max(8, Math.min(adding.screen.x, window.innerWidth - WIDTH - 8));
  const top = Math.max(8, Math.min(adding.screen.y, window.innerHeight - HEIGHT - 8));
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
          groups={palette.groups}
          first={palette.first}
          empty={`No nodes match “${search}”.`}
          onPick={(id) => palette.pick(id, (added) => add.at(added, adding))}
          onClose={close}
        />
      </div>
    </>
  );
}
