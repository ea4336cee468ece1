import { useReactFlow } from '@xyflow/react';
import { type RefObject, useEffect, useRef } from 'react';
import type { EditorData } from '../../graph-editing/editor-state.ts';
import { useEditor, useEditorApi } from '../../open-workflow/editor-store.ts';
import { useWaitingKey } from '../../open-workflow/run-source.ts';
import type { Room } from './placing.ts';
import { usePilot } from './use-pilot.ts';

/**
 * Keeps what matters in the uncovered part of the canvas: a revealed node, at a readable zoom; the selected node, or else the one waiting
 * for a person, when a panel opens or the selection changes. A graph that was fully visible stays so while it is readable.
 */
export function useKeepInView(root: RefObject<HTMLDivElement | null>): void {
  const flow = useReactFlow();
  const selected = useEditor((state) => (state.selection.nodes.length === 1 ? state.selection.nodes[0] : undefined));
  const waiting = useWaitingNode();
  const reveal = useEditor((state) => state.reveal);
  const editor = useEditorApi();
  const handled = useRef({ width: 0, height: 0, nodes: 0 });
  const pilot = usePilot(handled);
  useEffect(() => {
    if (root.current && reveal && reveal.round === undefined) pilot.show(reveal.nodeId, roomOf(root.current), READABLE_ZOOM);
  }, [reveal, root, pilot]);
  useEffect(() => {
    const canvas = root.current;
    if (!canvas) return;
    const subject = selected ?? waiting;
    let frame = 0;
    const look = () => {
      const before = handled.current;
      const { clientWidth: width, clientHeight: height } = canvas;
      if (width === 0) return;
      handled.current = { width, height, nodes: flow.getNodes().length };
      const resized = before.width > 0 && (before.width !== width || before.height !== height);
      const grown = before.nodes > 0 && handled.current.nodes > before.nodes;
      const room = roomOf(canvas);
      if (resized || grown) {
        const beside = !grown && before.width !== width && isAboutNode(editor.getState().panel);
        if (pilot.keepAll(room, minZoom(width, beside ? pilot.zoom() : undefined))) return;
      } else pilot.noteWhole();
      if (subject !== undefined) pilot.show(subject, room, resized && width < NARROW ? READABLE_ZOOM : 0);
    };
    const observer = new ResizeObserver(() => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(look);
    });
    observer.observe(canvas);
    return () => {
      observer.disconnect();
      cancelAnimationFrame(frame);
    };
  }, [root, flow, editor, selected, waiting, pilot]);
}

/** The node whose step waits for a person in the displayed run. */
function useWaitingNode(): string | undefined {
  const key = useWaitingKey();
  return useEditor((state) => (key === undefined ? undefined : (state.lastRun?.graph ?? state.graph).nodes.find((node) => node.data.key === key)?.id));
}

/** Panels about the workflow keep the whole graph in view. Beside the inspector, its node at a readable size matters more. */
const isAboutNode = (panel: EditorData['panel']): boolean => panel === 'inspector';

/**
 * Minimum zoom for keeping the whole graph in view; below it, only the selected node is. At this zoom, opening the inspector shrinks the
 * graph only a little.
 */
function minZoom(width: number, beside: number | undefined): number {
  if (width < NARROW) return READABLE_ZOOM;
  return beside === undefined ? MIN_ZOOM : beside * SLIGHTLY_SMALLER;
}

/** The canvas without the tools and minimap at its bottom. */
function roomOf(canvas: HTMLElement): Room {
  const isShown = (selector: string) => Boolean(canvas.parentElement?.querySelector<HTMLElement>(selector)?.offsetParent);
  const covered = isShown('[data-minimap]') ? MINIMAP : isShown('[role="toolbar"]') ? TOOLS : 0;
  return { width: canvas.clientWidth, height: canvas.clientHeight - covered };
}

/** Height of the tools at the bottom of the canvas. */
export const TOOLS = 68;
/** Height including the minimap. */
const MINIMAP = 98;
/** On a canvas this narrow, a sheet leaves room for one node, shown at a readable zoom. */
export const NARROW = 760;
const READABLE_ZOOM = 0.7;
const MIN_ZOOM = 0.5;
const SLIGHTLY_SMALLER = 0.88;
