import { ActionIcon, Tooltip } from '@mantine/core';
import { IconArrowBackUp, IconArrowForwardUp, IconHandStop, IconLayoutDistributeVertical, IconNote, IconPlus } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { useEditorApi } from '../open-workflow/editor-store.ts';
import { COMMAND_KEY } from '../ui/kbd.tsx';
import { useAddNode } from './adding/use-add-node.ts';
import styles from './toolbar.module.css';
import { useCanvasUi, useCanvasUiApi } from './view/canvas-ui.ts';
import { useCanvasActions } from './view/use-canvas-actions.ts';

/** The tools at the bottom of the canvas. */
export function Toolbar() {
  const editor = useEditorApi();
  const ui = useCanvasUiApi();
  const canvas = useCanvasActions();
  const docked = useCanvasUi((state) => state.paletteOpen);
  const panning = useCanvasUi((state) => state.panning);
  const add = useAddNode();
  const canUndo = useStore(editor.temporal, (history) => history.pastStates.length > 0);
  const canRedo = useStore(editor.temporal, (history) => history.futureStates.length > 0);
  return (
    <div className={styles.toolbar} role="toolbar" aria-label="Canvas tools">
      <Tool label="Add node" hint="N" tone={docked ? 'on' : 'main'} pressed={docked} onClick={() => ui.setState({ paletteOpen: !docked })}>
        <IconPlus size={18} stroke={1.8} />
      </Tool>
      <Tool label="Pan" hint="Space" tone={panning ? 'on' : undefined} pressed={panning} onClick={() => ui.setState({ panning: !panning })}>
        <IconHandStop size={18} stroke={1.6} />
      </Tool>
      <Tool label="Add note" onClick={add.note}>
        <IconNote size={18} stroke={1.6} />
      </Tool>
      <span className={styles.divider} />
      <Tool label="Tidy up" onClick={canvas.tidy}>
        <IconLayoutDistributeVertical size={18} stroke={1.6} />
      </Tool>
      <Tool label="Undo" hint={`${COMMAND_KEY} Z`} disabled={!canUndo} onClick={() => editor.getState().undo()}>
        <IconArrowBackUp size={18} stroke={1.6} />
      </Tool>
      <Tool label="Redo" hint={`${COMMAND_KEY} Shift Z`} disabled={!canRedo} onClick={() => editor.getState().redo()}>
        <IconArrowForwardUp size={18} stroke={1.6} />
      </Tool>
    </div>
  );
}

interface ToolProps {
  readonly label: string;
  readonly hint?: string;
  readonly tone?: 'main' | 'on' | undefined;
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

function Tool({ label, hint, tone, pressed, disabled = false, onClick, children }: ToolProps) {
  return (
    <Tooltip label={hint ? `${label} (${hint})` : label} position="top">
      <ActionIcon size={34} className={styles.tool} data-tone={tone} aria-label={label} aria-pressed={pressed} disabled={disabled} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
