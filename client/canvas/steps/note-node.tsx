import { type NodeProps, NodeResizeControl } from '@xyflow/react';
import { memo, useState } from 'react';
import { useEditor, useEditorApi } from '../../open-workflow/editor-store.ts';
import { Markdown } from '../../ui/markdown.tsx';
import { useTypedText } from '../../ui/use-typed-text.ts';
import type { FlowNode } from '../view/flow-graph.ts';
import { ChangeMark } from './change-mark.tsx';
import styles from './note-node.module.css';

/** A sticky note in Markdown. Double-click to edit. */
export const NoteNode = memo(function NoteNode({ id, data: { node }, selected }: NodeProps<FlowNode>) {
  const [writing, setWriting] = useState(false);
  const readOnly = useEditor((state) => state.readOnly);
  const text = typeof node.data.params.text === 'string' ? node.data.params.text : '';
  return (
    // Double click is a shortcut. The inspector edits the same text by keyboard.
    // biome-ignore lint/a11y/noStaticElementInteractions: see above
    <div className={styles.note} onDoubleClick={() => !readOnly && setWriting(true)} data-sized={node.width ? true : undefined}>
      {writing ? <NoteField nodeId={id} text={text} onDone={() => setWriting(false)} /> : <Markdown text={text} />}
      <ChangeMark nodeId={id} />
      {selected && !readOnly && <NoteCorner nodeId={id} />}
    </div>
  );
});

function NoteField({ nodeId, text, onDone }: { nodeId: string; text: string; onDone: () => void }) {
  const setParams = useEditor((state) => state.setParams);
  const field = useTypedText(text, (next) => setParams(nodeId, { text: next }));
  return (
    <textarea
      className={`${styles.field} nodrag nopan nowheel`}
      // biome-ignore lint/a11y/noAutofocus: opens in response to a user action
      autoFocus
      aria-label="Note text"
      {...field}
      onBlur={() => {
        field.onBlur();
        onDone();
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Escape') onDone();
      }}
    />
  );
}

function NoteCorner({ nodeId }: { nodeId: string }) {
  const editor = useEditorApi();
  const isAlone = useEditor((state) => state.selection.nodes.length === 1);
  if (!isAlone) return null;
  return (
    <NodeResizeControl
      minWidth={140}
      minHeight={48}
      className={styles.corner ?? ''}
      onResizeEnd={(_, { width, height }) => editor.getState().setNodeSize(nodeId, { width: Math.round(width), height: Math.round(height) })}
    />
  );
}
