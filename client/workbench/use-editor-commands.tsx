import { definitionOf, nodeTypes } from '@switchyard/nodes/catalog.ts';
import type { GraphNode } from '@switchyard/shared/graph/graph.ts';
import {
  type Icon,
  IconBolt,
  IconEraser,
  IconHistory,
  IconKeyboard,
  IconLayoutDistributeVertical,
  IconMaximize,
  IconPlayerPlay,
  IconSearch,
  IconTestPipe,
  IconWebhook,
} from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useReactFlow } from '@xyflow/react';
import { useEffect, useRef } from 'react';
import { useAddNode } from '../canvas/adding/use-add-node.ts';
import { textOfParams } from '../canvas/finding/find-nodes.ts';
import { useCanvasUiApi } from '../canvas/view/canvas-ui.ts';
import { useCanvasActions } from '../canvas/view/use-canvas-actions.ts';
import { FIT_ALL } from '../canvas/view/viewport.ts';
import { type Command, registerCommands, usePalette } from '../frame/commands.ts';
import type { EditorStore } from '../graph-editing/editor-state.ts';
import { NodeIcon } from '../node-look/node-icon.tsx';
import { useEditor, useEditorApi } from '../open-workflow/editor-store.ts';
import { useRunSamples } from '../open-workflow/samples/use-run-samples.ts';
import { COMMAND_KEY } from '../ui/kbd.tsx';
import { useSelectionCommands } from './use-selection-commands.tsx';

/** Adds the editor’s commands, the workflow’s nodes, and the node types that can be added to the command palette. */
export function useEditorCommands(run: () => void): void {
  const editor = useEditorApi();
  const ui = useCanvasUiApi();
  const flow = useReactFlow();
  const navigate = useNavigate();
  const add = useAddNode();
  const canvas = useCanvasActions();
  const latest = useRef(run);
  const samples = useRunSamples();
  const runSamples = useRef(samples);
  const hasRun = useEditor((state) => state.activeRunId !== null);
  useStepCommands();
  useSelectionCommands();
  useEffect(() => {
    latest.current = run;
    runSamples.current = samples;
  });
  useEffect(() => {
    const group = 'This workflow';
    const state = editor.getState();
    return registerCommands([
      { id: 'editor.run', group, title: 'Run', icon: icon(IconPlayerPlay), hint: 'R', run: () => latest.current() },
      { id: 'editor.samples', group, title: 'Run all samples', icon: icon(IconTestPipe), words: 'test cases expected', run: () => runSamples.current() },
      { id: 'editor.triggers', group, title: 'Open triggers', icon: icon(IconBolt), words: 'schedule cron form error', run: () => state.openPanel('triggers') },
      { id: 'editor.webhook', group, title: 'Open webhook', icon: icon(IconWebhook), words: 'url curl trigger', run: () => state.openPanel('webhook') },
      {
        id: 'editor.replay',
        group,
        title: 'Replay live runs',
        icon: icon(IconHistory),
        words: 'what if live last week compare version shadow',
        run: () => void navigate({ to: '/workflows/$id/replays', params: { id: state.workflowId } }),
      },
      {
        id: 'editor.tidy',
        group,
        title: 'Tidy up',
        icon: icon(IconLayoutDistributeVertical),
        words: 'layout arrange',
        run: canvas.tidy,
      },
      { id: 'editor.find', group, title: 'Find nodes', icon: icon(IconSearch), hint: `${COMMAND_KEY} F`, run: () => ui.setState({ finding: true }) },
      { id: 'editor.fit', group, title: 'Fit to view', icon: icon(IconMaximize), hint: 'F', run: () => void flow.fitView(FIT_ALL) },
      ...(hasRun ? [{ id: 'editor.clear', group, title: 'Hide run', icon: icon(IconEraser), run: () => editor.getState().clearRun() }] : []),
      { id: 'editor.keys', group, title: 'Keyboard shortcuts', icon: icon(IconKeyboard), hint: '?', run: () => ui.setState({ keysShown: true }) },
      ...nodeTypes.map((type) => ({
        id: `editor.add.${type.type}`,
        group: 'Add node',
        title: type.title,
        words: type.summary,
        keywords: type.keywords,
        icon: <NodeIcon icon={type.icon} category={type.category} size={20} />,
        run: () => add.fromPalette({ type: type.type }),
      })),
    ]);
  }, [editor, ui, flow, add, canvas, hasRun, navigate]);
}

const icon = (Glyph: Icon) => <Glyph size={16} stroke={1.6} aria-hidden />;

/** Commands that go to a node, available read-only too. Collected when the palette opens. */
export function useStepCommands(): void {
  const editor = useEditorApi();
  const open = usePalette((palette) => palette.open);
  useEffect(() => (open ? registerCommands(editor.getState().graph.nodes.flatMap((node) => stepCommand(node, editor))) : undefined), [open, editor]);
}

/** Characters of a node’s params that the palette searches. */
const MOST_TEXT = 2_000;

function stepCommand(node: GraphNode, editor: EditorStore): Command[] {
  const definition = definitionOf(node.type);
  if (definition?.role === 'note') return [];
  const { key, title } = node.data;
  return [
    {
      id: `editor.step.${node.id}`,
      group: 'Nodes',
      title,
      words: `${key} ${definition?.title ?? node.type} ${textOfParams(node).slice(0, MOST_TEXT)}`,
      hint: key,
      icon: <NodeIcon icon={definition?.icon ?? ''} category={definition?.category ?? 'flow'} size={20} />,
      run: () => editor.getState().showNode(node.id),
    },
  ];
}
