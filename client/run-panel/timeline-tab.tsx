import { Button } from '@mantine/core';
import { definitionOf } from '@switchyard/nodes/catalog.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { isEnded, type RunState } from '@switchyard/shared/run/state.ts';
import { useCallback } from 'react';
import { findNode } from '../graph-editing/operations/node-names.ts';
import { useLiveRun } from '../live/run-hooks.ts';
import { runStore } from '../live/watch-run.ts';
import { useEditor, useEditorApi, useRanGraph } from '../open-workflow/editor-store.ts';
import { nextKeys } from '../run-look/run-facts.ts';
import { stepRows, stepsOf, type WaterfallRow } from '../run-look/step-rows.ts';
import { Waterfall } from '../run-look/waterfall.tsx';
import { ReadableValue } from '../step-details/value-view.tsx';
import classes from './run-panel.module.css';

/** The steps of a run over time, with its response beside them once available. */
export function TimelineTab({ runId, onInput }: { runId: string | undefined; onInput: () => void }) {
  return runId === undefined ? <NeverRun onInput={onInput} /> : <Timeline runId={runId} />;
}

function Timeline({ runId }: { runId: string }) {
  const editor = useEditorApi();
  const graph = useRanGraph();
  const selected = useEditor((state) => state.selection.nodes[0]);
  const shown = useEditor((state) => state.reveal);
  const { state, phase, error } = useLiveRun(runId);
  // A stable function, so an event re-renders only the lines of the steps it changes.
  const select = useCallback(
    (stepId: string) => {
      const step = runStore(runId).getState().state.steps.get(stepId);
      const node = graph.nodes.find((candidate) => candidate.data.key === (step?.nodeKey ?? stepId));
      if (node && findNode(editor.getState().graph, node.id)) editor.getState().showRound(node.id, step?.round ?? 1);
    },
    [runId, graph, editor],
  );
  if (phase === 'error') return <p className={classes.words}>{error}</p>;
  const selectedKey = graph.nodes.find((node) => node.id === selected)?.data.key;
  const ofSelected = [...state.steps.values()].filter((step) => step.nodeKey === selectedKey);
  const selectedStep = (ofSelected.find((step) => step.round === shown?.round && shown.nodeId === selected) ?? ofSelected.at(-1))?.id;
  return (
    <div className={classes.timeline}>
      <div className={classes.waterfall}>
        <Waterfall rows={rowsOf(graph, state)} selected={selectedStep} onSelect={select} figures="left" />
      </div>
      {(state.reply || state.error) && <ReplyCard state={state} runId={runId} />}
    </div>
  );
}

/** Steps in order of their start, then the nodes that come next. Skipped branches are shown only on the canvas. */
function rowsOf(graph: Graph, state: RunState): WaterfallRow[] {
  const nodes = new Map(graph.nodes.map((node) => [node.data.key, node]));
  const nameOf = (key: string, type: string) => ({
    title: nodes.get(key)?.data.title ?? key,
    category: definitionOf(type)?.category ?? ('flow' as const),
  });
  const ran = stepRows(
    stepsOf(state).filter((step) => step.status !== 'skipped'),
    nameOf,
  );
  const next = nextKeys(graph, state).map((key): WaterfallRow => {
    const type = nodes.get(key)?.type ?? '';
    return { id: key, label: nameOf(key, type).title, round: 1, category: nameOf(key, type).category, status: 'next', bars: [], calls: [] };
  });
  return [...ran, ...next];
}

function NeverRun({ onInput }: { onInput: () => void }) {
  const readOnly = useEditor((state) => state.readOnly);
  return (
    <div className={classes.empty}>
      <p className={classes.emptyTitle}>Run this workflow</p>
      <p className={classes.words}>See how long each step takes and what it returns, live. No API key needed: the demo model responds.</p>
      {!readOnly && <Button onClick={onInput}>Choose input</Button>}
    </div>
  );
}

/** The response of a run in short: status and value, or why there is none. */
function ReplyCard({ state, runId }: { state: RunState; runId: string }) {
  const { reply, error } = state;
  const failed = state.status === 'failed' || reply?.outcome === 'failure';
  return (
    <section className={classes.reply} aria-label="Response" aria-live="polite">
      <h2 className={classes.replyTitle}>
        {reply ? 'Response' : 'Failed'}
        <span data-failed={failed || undefined}>{reply ? reply.status : ''}</span>
      </h2>
      {reply && <ReadableValue value={reply.value} runId={runId} label="Value of the response" />}
      {!reply && error && isEnded(state.status) && <p className={classes.failure}>{error.message}</p>}
    </section>
  );
}
