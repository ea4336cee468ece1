import { CloseButton } from '@mantine/core';
import { definitionOf } from '@switchyard/nodes/catalog.ts';
import type { SharedWorkflow } from '@switchyard/shared/contracts/sharing.ts';
import type { GraphNode } from '@switchyard/shared/graph/graph.ts';
import { isSamePrompt, promptRefOf, promptRefText } from '@switchyard/shared/model/prompt-ref.ts';
import { IconPlugConnected } from '@tabler/icons-react';
import type { CSSProperties } from 'react';
import { Canvas } from '../canvas/canvas.tsx';
import { KeyOverlay } from '../canvas/key-overlay.tsx';
import { useCanvasKeys } from '../canvas/use-canvas-keys.ts';
import { ZoomControl } from '../canvas/zoom-control.tsx';
import { PromptMessages } from '../form/prompt/prompt-messages.tsx';
import { NodeIcon } from '../node-look/node-icon.tsx';
import { useEditor, useGraphNode } from '../open-workflow/editor-store.ts';
import { JsonView } from '../run-look/json-view.tsx';
import { countNeeds } from '../sharing/need-labels.ts';
import editor from '../workbench/editor-view.module.css';
import { LiveRegion } from '../workbench/live-region.tsx';
import side from '../workbench/side-panel.module.css';
import styles from './shared-page.module.css';

const nothing = (): void => {};

/** The read-only canvas of a shared workflow. Clicking a node shows its settings. */
export function SharedView({ shared }: { shared: SharedWorkflow }) {
  useCanvasKeys(nothing);
  return (
    <div className={editor.editor}>
      <About shared={shared} />
      <div className={editor.work}>
        <div className={editor.middle}>
          <div className={editor.stage}>
            <Canvas />
            <ZoomControl />
          </div>
        </div>
        <StepPanel prompts={shared.prompts} />
      </div>
      <KeyOverlay />
      <LiveRegion />
    </div>
  );
}

/** What the workflow does, and what a copy of it requires. */
function About({ shared }: { shared: SharedWorkflow }) {
  const needs = countNeeds(shared.toConnect, ['connection', 'secret', 'route', 'prompt']);
  if (shared.description === '' && needs === '') return null;
  return (
    <div className={styles.about}>
      {shared.description !== '' && <p className={styles.text}>{shared.description}</p>}
      {needs !== '' && (
        <p className={styles.needs}>
          <IconPlugConnected size={16} stroke={1.6} aria-hidden />
          Requires: {needs}
        </p>
      )}
    </div>
  );
}

type Prompts = SharedWorkflow['prompts'];

function StepPanel({ prompts }: { prompts: Prompts }) {
  const open = useEditor((state) => state.panel === 'inspector');
  const nodeId = useEditor((state) => (state.selection.nodes.length === 1 ? state.selection.nodes[0] : undefined));
  const node = useGraphNode(nodeId ?? '');
  if (!open || !node) return null;
  return (
    <aside className={side.side} style={{ '--side-width': '380px' } as CSSProperties} data-side-panel aria-label={`Node ${node.data.title}`}>
      <StepSettings node={node} prompts={prompts} />
    </aside>
  );
}

function StepSettings({ node, prompts }: { node: GraphNode; prompts: Prompts }) {
  const close = useEditor((state) => state.openPanel);
  const definition = definitionOf(node.type);
  const ref = promptRefOf(node.data.params);
  const prompt = ref && prompts.find((one) => isSamePrompt(one, ref));
  return (
    <>
      <header className={side.header}>
        <NodeIcon icon={definition?.icon ?? ''} category={definition?.category ?? 'flow'} size={28} />
        <div className={side.names}>
          <h2>{node.data.title}</h2>
          <code>{node.data.key}</code>
        </div>
        <CloseButton aria-label="Close" onClick={() => close(null)} />
      </header>
      <div className={side.details}>
        <p className={styles.kind}>{definition ? `${definition.title}: ${definition.summary}` : `Unknown node type: ${node.type}`}</p>
        {prompt && (
          <div className={styles.prompt}>
            <PromptMessages title={promptRefText(prompt)} content={prompt} />
          </div>
        )}
        <JsonView value={node.data.params} label="Node settings" />
      </div>
    </>
  );
}
