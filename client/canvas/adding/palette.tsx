import { nodeTypes } from '@switchyard/nodes/catalog.ts';
import { useRef, useState } from 'react';
import { NodeIcon } from '../../node-look/node-icon.tsx';
import { useEditorApi } from '../../open-workflow/editor-store.ts';
import { Kbd } from '../../ui/kbd.tsx';
import { useReturnFocus } from '../../ui/use-return-focus.ts';
import { type CanvasUi, useCanvasUi, useCanvasUiApi } from '../view/canvas-ui.ts';
import { nodeElement } from '../view/use-canvas-focus.ts';
import styles from './palette.module.css';
import { bestMatch, fitting, type PaletteGroup, paletteGroups } from './palette-groups.ts';
import { type PickGroup, PickList } from './pick-list.tsx';
import { useAddStep } from './use-add-step.ts';
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

/** The palette at the left: click or drag a step, or type and press Enter. */
export function DockedPalette() {
  const open = useCanvasUi((ui) => ui.palette.kind === 'docked');
  return open ? <Docked /> : null;
}

/** The keyboard goes on with the step that was added last. */
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
  const add = useAddStep();
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
        first={search ? bestMatch(groups, search)?.type : undefined}
        empty={`No step is called “${search}”.`}
        hint={<Kbd>N</Kbd>}
        onPick={(type) => {
          add.fromPalette(type);
          setSearch('');
        }}
        onPress={drag}
        onClose={() => ui.setState({ palette: { kind: 'closed' } })}
      />
    </aside>
  );
}

/** The palette where a wire was let go: what is picked is wired to it. */
export function FloatingPalette() {
  const palette = useCanvasUi((ui) => ui.palette);
  return palette.kind === 'afloat' ? <Afloat palette={palette} /> : null;
}

const WIDTH = 300;
const HEIGHT = 380;

function Afloat({ palette }: { palette: Extract<CanvasUi['palette'], { kind: 'afloat' }> }) {
  const ui = useCanvasUiApi();
  const root = useBackToStep();
  const [search, setSearch] = useState('');
  const add = useAddStep();
  const groups = paletteGroups(fitting(nodeTypes, palette.fromPort.side), search);
  const close = () => ui.setState({ palette: { kind: 'closed' } });
  const left = Math.max(8, Math.min(palette.screen.x, window.innerWidth - WIDTH - 8));
  const top = Math.max(8, Math.min(palette.screen.y, window.innerHeight - HEIGHT - 8));
  return (
    <>
      {/* A click beside it closes; Escape does the same by keyboard. */}
      <div className={styles.beside} onPointerDown={close} aria-hidden />
      <div ref={root} className={styles.afloat} style={{ left, top, width: WIDTH, height: HEIGHT }}>
        <PickList
          label="Add a step here"
          placeholder="Add a step here"
          search={search}
          onSearch={setSearch}
          groups={asPicks(groups)}
          first={bestMatch(groups, search)?.type}
          empty={`No step is called “${search}”.`}
          onPick={(type) => add.atWire(type, palette)}
          onClose={close}
        />
      </div>
    </>
  );
}
