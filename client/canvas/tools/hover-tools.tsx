import { definitionOf } from '@switchyard/nodes/catalog.ts';
import { IconArtboardOff, IconCircleOff, IconCopy, IconPlayerPlay, IconPlayerSkipForward, IconPlus, IconPower, IconTrash } from '@tabler/icons-react';
import { useReactFlow } from '@xyflow/react';
import type { RefObject } from 'react';
import { isGroup } from '../../graph-editing/operations/containers.ts';
import { useEditor, useEditorApi, useGraphNode } from '../../open-workflow/editor-store.ts';
import { useRunPart } from '../../open-workflow/run-part.ts';
import { COMMAND_KEY } from '../../ui/kbd.tsx';
import { useCanvasUi, useCanvasUiApi } from '../view/canvas-ui.ts';
import { usePlaceOnScreen, usePortOnScreen } from '../view/use-place-on-screen.ts';
import { useZoomedOut } from '../view/zoom-level.ts';
import { FarCard } from './far-card.tsx';
import { ToolButton } from './tool-button.tsx';
import styles from './tools.module.css';
import { type Hovered, useHovered } from './use-hovered.ts';

/** A bar above the hovered or focused node, and a plus beside its hovered output port. At screen size, whatever the zoom. */
export function HoverTools({ root }: { root: RefObject<HTMLElement | null> }) {
  const hovered = useHovered(root);
  const readOnly = useEditor((state) => state.readOnly);
  const isBusy = useCanvasUi((ui) => ui.menu !== null || ui.adding !== null || ui.dragged !== null || ui.connectFrom !== null || ui.renaming !== null);
  const isOneOfMany = useEditor(({ selection }) => selection.nodes.length > 1 && hovered !== undefined && selection.nodes.includes(hovered.nodeId));
  const far = useZoomedOut();
  const current = useCanvasUi((ui) => ui.found?.current);
  if (isBusy) return null;
  if (far) return <FarTools nodeId={hovered?.nodeId ?? current} />;
  if (!hovered || readOnly || isOneOfMany) return null;
  return (
    <>
      <NodeBar nodeId={hovered.nodeId} />
      <PortPlus hovered={hovered} />
    </>
  );
}

const FarTools = ({ nodeId }: { nodeId: string | undefined }) => (nodeId === undefined ? null : <FarCard nodeId={nodeId} />);

const BAR_HEIGHT = 36;
const GAP = 7;

function NodeBar({ nodeId }: { nodeId: string }) {
  const place = usePlaceOnScreen([nodeId]);
  const node = useGraphNode(nodeId);
  if (!place || !node) return null;
  const above = place.top - BAR_HEIGHT - GAP;
  // Its left part leads from the card to the bar without a gap for the pointer.
  const style = { left: Math.max(8, place.left), top: above >= 4 ? above : place.top + place.height + GAP };
  return (
    <div className={styles.hoverBar} style={style} role="toolbar" aria-label={`Tools of ${node.data.title}`} data-hover-tools>
      <NodeButtons nodeId={nodeId} />
    </div>
  );
}

function NodeButtons({ nodeId }: { nodeId: string }) {
  const editor = useEditorApi();
  const runPart = useRunPart();
  const node = useGraphNode(nodeId);
  if (!node) return null;
  const role = definitionOf(node.type)?.role;
  const onIt = (action: () => unknown) => () => {
    editor.getState().select([nodeId]);
    action();
  };
  const { toggleDisabled, duplicateSelection, deleteSelection, ungroup } = editor.getState();
  return (
    <>
      {role !== undefined && role !== 'note' && (
        <>
          <ToolButton pointerOnly icon={IconPlayerPlay} label="Run this node" hint="Shift R" onClick={() => runPart({ only: node.data.key })} />
          <ToolButton pointerOnly icon={IconPlayerSkipForward} label="Run from here" onClick={() => runPart({ from: node.data.key })} />
          <span className={styles.divider} />
        </>
      )}
      {role === 'step' && (
        <ToolButton
          pointerOnly
          icon={node.data.disabled ? IconPower : IconCircleOff}
          label={node.data.disabled ? 'Enable' : 'Disable'}
          hint="D"
          onClick={onIt(toggleDisabled)}
        />
      )}
      {isGroup(node) && <ToolButton pointerOnly icon={IconArtboardOff} label="Ungroup" hint={`${COMMAND_KEY} Shift G`} onClick={onIt(ungroup)} />}
      <ToolButton pointerOnly icon={IconCopy} label="Duplicate" hint={`${COMMAND_KEY} D`} onClick={onIt(duplicateSelection)} />
      <ToolButton pointerOnly icon={IconTrash} label="Delete" hint="Delete" onClick={onIt(deleteSelection)} />
    </>
  );
}

/** From the port to where the added node begins. */
const REACH = 64;

function PortPlus({ hovered: { nodeId, port } }: { hovered: Hovered }) {
  const ui = useCanvasUiApi();
  const { screenToFlowPosition } = useReactFlow();
  const place = usePortOnScreen(nodeId, port);
  if (!place || port === undefined) return null;
  return (
    <button
      type="button"
      className={styles.plus}
      style={{ left: place.x + 16, top: place.y }}
      tabIndex={-1}
      aria-label="Add a node here"
      title="Add a node here (N)"
      data-hover-tools
      onClick={(event) => {
        const screen = { x: event.clientX, y: event.clientY };
        const { x, y } = screenToFlowPosition(screen);
        ui.setState({ adding: { kind: 'port', screen, flow: { x: x + REACH, y }, fromPort: { nodeId, handle: port, side: 'source' } } });
      }}
    >
      <IconPlus size={14} stroke={2} aria-hidden />
    </button>
  );
}
