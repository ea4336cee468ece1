import {
  IconArtboard,
  IconCopy,
  IconLayoutAlignLeft,
  IconLayoutAlignTop,
  IconLayoutDistributeHorizontal,
  IconLayoutDistributeVertical,
  IconSitemap,
  IconTrash,
} from '@tabler/icons-react';
import { useStore } from '@xyflow/react';
import { useEditor, useEditorApi } from '../../open-workflow/editor-store.ts';
import { COMMAND_KEY } from '../../ui/kbd.tsx';
import { useCanvasUi, useCanvasUiApi } from '../view/canvas-ui.ts';
import { useCanvasActions } from '../view/use-canvas-actions.ts';
import { type ScreenBox, usePlaceOnScreen } from '../view/use-place-on-screen.ts';
import { ToolButton } from './tool-button.tsx';
import styles from './tools.module.css';

/** A frame around several selected nodes, with a bar of what can be done with all of them. */
export function SelectionBar() {
  const ids = useEditor(({ selection }) => selection.nodes);
  const isSelecting = useStore((flow) => flow.userSelectionActive);
  return ids.length > 1 && !isSelecting ? <Selected ids={ids} /> : null;
}

/** Between the nodes and the frame, at screen size. */
const MARGIN = 10;

function Selected({ ids }: { ids: readonly string[] }) {
  const place = usePlaceOnScreen(ids);
  const readOnly = useEditor((state) => state.readOnly);
  const isBusy = useCanvasUi((ui) => ui.menu !== null);
  if (!place) return null;
  const frame = {
    left: place.left - MARGIN,
    top: place.top - MARGIN,
    width: place.width + 2 * MARGIN,
    height: place.height + 2 * MARGIN,
  };
  return (
    <>
      <div className={styles.frame} style={frame} aria-hidden />
      {!readOnly && !isBusy && <Bar count={ids.length} place={place} />}
    </>
  );
}

const BAR = { width: 560, height: 40 };
const GAP = 8;

function Bar({ count, place }: { count: number; place: ScreenBox }) {
  const editor = useEditorApi();
  const ui = useCanvasUiApi();
  const canvas = useCanvasActions();
  const width = useStore((flow) => flow.width);
  const height = useStore((flow) => flow.height);
  const { duplicateSelection, deleteSelection } = editor.getState();
  const above = place.top - MARGIN - GAP - BAR.height;
  const style = {
    left: Math.max(8, Math.min(place.left - MARGIN, width - BAR.width - 8)),
    // Below a strip at the top, if there is one.
    top: `max(${Math.max(8, Math.min(above, height - BAR.height - 80))}px, var(--strip-room, 0px))`,
  };
  return (
    <div className={styles.selectionBar} style={style} role="toolbar" aria-label="Selected nodes" data-hover-tools>
      <span className={styles.count}>{count} selected</span>
      <span className={styles.divider} />
      <ToolButton icon={IconLayoutAlignLeft} label="Align left" onClick={() => canvas.arrange('left')} />
      <ToolButton icon={IconLayoutAlignTop} label="Align top" onClick={() => canvas.arrange('top')} />
      <ToolButton icon={IconLayoutDistributeHorizontal} label="Distribute horizontally" onClick={() => canvas.arrange('across')} />
      <ToolButton icon={IconLayoutDistributeVertical} label="Distribute vertically" onClick={() => canvas.arrange('down')} />
      <span className={styles.divider} />
      <button type="button" className={styles.action} title={`Group (${COMMAND_KEY} G)`} aria-label="Group" onClick={() => canvas.group()}>
        <IconArtboard size={16} stroke={1.7} aria-hidden />
        <span>Group</span>
      </button>
      <button
        type="button"
        className={styles.action}
        aria-label="Make a sub-workflow"
        onClick={() => ui.setState({ subWorkflowOf: editor.getState().selection.nodes })}
      >
        <IconSitemap size={16} stroke={1.7} aria-hidden />
        <span>Make sub-workflow</span>
      </button>
      <span className={styles.divider} />
      <ToolButton icon={IconCopy} label="Duplicate" hint={`${COMMAND_KEY} D`} onClick={duplicateSelection} />
      <ToolButton icon={IconTrash} label="Delete" hint="Delete" danger onClick={deleteSelection} />
    </div>
  );
}
