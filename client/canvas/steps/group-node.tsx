import { type NodeProps, NodeResizeControl } from '@xyflow/react';
import { type KeyboardEvent, memo } from 'react';
import { useEditor, useEditorApi } from '../../open-workflow/editor-store.ts';
import { useCanvasUi, useCanvasUiApi } from '../view/canvas-ui.ts';
import type { FlowNode } from '../view/flow-graph.ts';
import { ChangeMark } from './change-mark.tsx';
import styles from './group-node.module.css';

/** A titled frame around nodes. Its title is its handle; its ground belongs to the canvas. */
export const GroupNode = memo(function GroupNode({ id, data: { node }, selected }: NodeProps<FlowNode>) {
  const ui = useCanvasUiApi();
  const readOnly = useEditor((state) => state.readOnly);
  const isNaming = useCanvasUi((state) => state.renaming === id);
  const { color } = node.data.params;
  return (
    <div className={styles.group} data-color={typeof color === 'string' ? color : undefined}>
      {/* Double click is a shortcut. F2 does the same by keyboard. */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: see above */}
      <div className={styles.head} onDoubleClick={() => !readOnly && ui.setState({ renaming: id })}>
        {isNaming ? <TitleField nodeId={id} title={node.data.title} /> : <span className={styles.title}>{node.data.title}</span>}
      </div>
      <ChangeMark nodeId={id} />
      {selected && !readOnly && <Corner nodeId={id} />}
    </div>
  );
});

function TitleField({ nodeId, title }: { nodeId: string; title: string }) {
  const editor = useEditorApi();
  const ui = useCanvasUiApi();
  const close = () => ui.setState({ renaming: null });
  const finish = (text: string) => {
    if (text.trim() !== '') editor.getState().setTitle(nodeId, text.trim());
    close();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Enter') finish(event.currentTarget.value);
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
    event.stopPropagation();
    event.currentTarget.closest<HTMLElement>('.react-flow__node')?.focus({ preventScroll: true });
  };
  return (
    <input
      className={`${styles.field} nodrag nopan`}
      aria-label="Group title"
      // biome-ignore lint/a11y/noAutofocus: opens in response to a user action
      autoFocus
      maxLength={200}
      defaultValue={title}
      onFocus={(event) => event.currentTarget.select()}
      onKeyDown={onKeyDown}
      onBlur={(event) => finish(event.currentTarget.value)}
    />
  );
}

function Corner({ nodeId }: { nodeId: string }) {
  const editor = useEditorApi();
  const isAlone = useEditor((state) => state.selection.nodes.length === 1);
  if (!isAlone) return null;
  return (
    <NodeResizeControl
      minWidth={248}
      minHeight={136}
      className={styles.corner ?? ''}
      onResizeEnd={(_, { width, height }) => editor.getState().setNodeSize(nodeId, { width: Math.round(width), height: Math.round(height) })}
    />
  );
}
