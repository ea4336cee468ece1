import { definitionOf, nodeTypes } from '@switchyard/nodes/catalog.ts';
import type { GraphNode } from '@switchyard/shared/graph/graph.ts';
import {
  type Icon,
  IconBolt,
  IconEraser,
  IconKeyboard,
  IconLayoutDistributeVertical,
  IconMaximize,
  IconPlayerPlay,
  IconSitemap,
  IconSitemapOff,
  IconTestPipe,
  IconWebhook,
} from '@tabler/icons-react';
import { useReactFlow } from '@xyflow/react';
import { useEffect, useRef } from 'react';
import { useAddNode } from '../canvas/adding/use-add-node.ts';
import { useInlineSubWorkflow } from '../canvas/sub-workflow/use-inline-sub-workflow.ts';
import { useCanvasUiApi } from '../canvas/view/canvas-ui.ts';
import { FIT_ALL, measuredSizes } from '../canvas/view/viewport.ts';
import { type Command, registerCommands, usePalette } from '../frame/commands.ts';
import type { EditorStore } from '../graph-editing/editor-state.ts';
import { NodeIcon } from '../node-look/node-icon.tsx';
import { useEditor, useEditorApi } from '../open-workflow/editor-store.ts';
import { useRunSamples } from '../open-workflow/samples/use-run-samples.ts';

/** Adds the editor’s commands, the workflow’s nodes, and the node types that can be added to the command palette. */
export function useEditorCommands(run: () => void): void {
  const editor = useEditorApi();
  const ui = useCanvasUiApi();
  const flow = useReactFlow();
  const add = useAddNode();
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
        id: 'editor.tidy',
        group,
        title: 'Tidy up',
        icon: icon(IconLayoutDistributeVertical),
        words: 'layout arrange',
        run: () => void state.tidyUp(measuredSizes(flow)),
      },
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
  }, [editor, ui, flow, add, hasRun]);
}

const icon = (Glyph: Icon) => <Glyph size={16} stroke={1.6} aria-hidden />;

/** Commands that go to a node, available read-only too. Collected when the palette opens. */
export function useStepCommands(): void {
  const editor = useEditorApi();
  const open = usePalette((palette) => palette.open);
  useEffect(() => (open ? registerCommands(editor.getState().graph.nodes.flatMap((node) => stepCommand(node, editor))) : undefined), [open, editor]);
}

/** Commands for the selected nodes. Collected when the palette opens. */
function useSelectionCommands(): void {
  const editor = useEditorApi();
  const ui = useCanvasUiApi();
  const inline = useInlineSubWorkflow();
  const open = usePalette((palette) => palette.open);
  useEffect(() => {
    const { graph, selection, readOnly } = editor.getState();
    const selected = graph.nodes.filter(({ id, type }) => selection.nodes.includes(id) && definitionOf(type)?.role !== 'note');
    if (!open || readOnly || selected.length === 0) return undefined;
    const group = 'Selection';
    const make: Command = {
      id: 'editor.make-sub-workflow',
      group,
      title: 'Make a sub-workflow',
      words: 'extract move reuse subworkflow',
      icon: icon(IconSitemap),
      run: () => ui.setState({ subWorkflowOf: selection.nodes }),
    };
    const [only] = selected;
    const put: Command = {
      id: 'editor.inline-sub-workflow',
      group,
      title: 'Put the steps back inline',
      words: 'inline sub-workflow subworkflow expand unpack',
      icon: icon(IconSitemapOff),
      run: () => only && void inline(only.id),
    };
    return registerCommands([make, ...(selected.length === 1 && only?.type === 'workflow' ? [put] : [])]);
  }, [open, editor, ui, inline]);
}

function stepCommand(node: GraphNode, editor: EditorStore): Command[] {
  const definition = definitionOf(node.type);
  if (definition?.role === 'note') return [];
  const { key, title } = node.data;
  return [
    {
      id: `editor.step.${node.id}`,
      group: 'Nodes',
      title,
      words: `${key} ${definition?.title ?? node.type}`,
      hint: key,
      icon: <NodeIcon icon={definition?.icon ?? ''} category={definition?.category ?? 'flow'} size={20} />,
      run: () => editor.getState().showNode(node.id),
    },
  ];
}
