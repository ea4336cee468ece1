import { Tabs, UnstyledButton } from '@mantine/core';
import { getRunGraph, listRuns } from '@switchyard/shared/contracts/runs.ts';
import { IconChevronDown } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { call } from '../api/call.ts';
import { useRun } from '../api/queries.ts';
import { useLiveRun } from '../live/run-hooks.ts';
import { seedRun } from '../live/watch-run.ts';
import { useEditor, useEditorApi } from '../open-workflow/editor-store.ts';
import { useBatch, useSampleResults } from '../open-workflow/samples/open-batch.ts';
import { BillView } from '../run-compare/bill-view.tsx';
import { usedDemo, usedModel } from '../run-look/run-facts.ts';
import { shortId } from '../run-look/run-labels.ts';
import { ValueView } from '../step-details/value-view.tsx';
import { CostSum } from '../ui/figures.tsx';
import { formatNumber } from '../ui/format.ts';
import { Resizer, usePanelSize } from '../ui/resizer.tsx';
import { useReturnFocus } from '../ui/use-return-focus.ts';
import { EventsTab } from './events-tab.tsx';
import { FeedbackCount, FeedbackTab } from './feedback/feedback-tab.tsx';
import { InputTab } from './input-tab.tsx';
import { LastRunLine } from './last-run-line.tsx';
import { OutputTab } from './output-tab.tsx';
import { keepPanelOpen, usePanelOpen } from './panel-open.ts';
import classes from './run-panel.module.css';
import { AddRunInput } from './samples/add-run-input.tsx';
import { SamplesTab } from './samples/samples-tab.tsx';
import { TimelineTab } from './timeline-tab.tsx';

type Tab = 'timeline' | 'input' | 'output' | 'events' | 'samples' | 'materials' | 'feedback';

/** The panel below the canvas: timeline, input, output, and events of the run. */
export function RunPanel() {
  useFindLastRun();
  const activeRunId = useEditor((state) => state.activeRunId);
  const runId = useEditor((state) => state.activeRunId ?? state.lastRun?.id);
  const readOnly = useEditor((state) => state.readOnly);
  const kept = usePanelOpen((state) => state.open);
  const [forRun, setForRun] = useState(false);
  const [tab, setTab] = useState<Tab>('timeline');
  const [height, setHeight] = usePanelSize('run', { initial: 240, min: 120, max: 700 });
  const toggle = (next: boolean) => {
    setForRun(false);
    keepPanelOpen(next);
  };
  useEffect(() => {
    if (activeRunId === null) return;
    setForRun(true);
    setTab((now) => (now === 'input' ? 'timeline' : now));
  }, [activeRunId]);
  useOnNewBatch(() => {
    setForRun(true);
    setTab('samples');
  });
  if (!kept && !forRun) return <LastRunLine onOpen={() => toggle(true)} />;
  return (
    <section className={classes.panel} style={{ height }} aria-label="Run" data-run-panel>
      <Resizer edge="top" size={height} onSize={setHeight} label="Height of the run panel" />
      <Tabs value={tab} onChange={(value) => setTab(value as Tab)} className={classes.tabs} keepMounted={false}>
        <div className={classes.bar}>
          <Tabs.List className={classes.tabList}>
            <Tabs.Tab value="timeline">Timeline</Tabs.Tab>
            <Tabs.Tab value="input">Input</Tabs.Tab>
            <Tabs.Tab value="output">Output</Tabs.Tab>
            <Tabs.Tab value="events">Events {runId !== undefined && <EventCount runId={runId} />}</Tabs.Tab>
            {!readOnly && (
              <Tabs.Tab value="samples">
                Samples <SampleCount />
              </Tabs.Tab>
            )}
            {runId !== undefined && <Tabs.Tab value="materials">Materials</Tabs.Tab>}
            {readOnly && runId !== undefined && (
              <Tabs.Tab value="feedback">
                Feedback <FeedbackCount runId={runId} className={classes.count} />
              </Tabs.Tab>
            )}
          </Tabs.List>
          {runId !== undefined && <RunSummary runId={runId} />}
          <HideButton onClick={() => toggle(false)} />
        </div>
        <div className={classes.bodies}>
          <Tabs.Panel value="timeline" className={classes.body}>
            <TimelineTab runId={runId} onInput={() => setTab('input')} />
          </Tabs.Panel>
          <Tabs.Panel value="input" className={classes.body}>
            {readOnly && runId !== undefined ? <PastInput runId={runId} /> : <InputTab />}
          </Tabs.Panel>
          <Tabs.Panel value="output" className={classes.body}>
            <OutputTab runId={runId} />
          </Tabs.Panel>
          <Tabs.Panel value="events" className={classes.body}>
            <EventsTab runId={runId} />
          </Tabs.Panel>
          <Tabs.Panel value="samples" className={classes.body}>
            <SamplesTab onAdd={() => setTab('input')} />
          </Tabs.Panel>
          <Tabs.Panel value="materials" className={classes.body}>
            {runId !== undefined && <BillView runId={runId} />}
          </Tabs.Panel>
          <Tabs.Panel value="feedback" className={classes.body}>
            {runId !== undefined && <FeedbackTab runId={runId} />}
          </Tabs.Panel>
        </div>
      </Tabs>
    </section>
  );
}

/** Calls back when all samples are run. */
function useOnNewBatch(onNew: () => void): void {
  const id = useBatch()?.batch.id;
  const known = useRef(id);
  useEffect(() => {
    if (known.current !== id) onNew();
    known.current = id;
  });
}

/** How many samples there are, or how many of them failed. */
function SampleCount() {
  const results = useSampleResults();
  const failed = results.filter(({ verdict }) => verdict === 'failed').length;
  if (results.length === 0) return null;
  return (
    <span className={classes.count} data-failed={failed > 0 || undefined}>
      {failed > 0 ? `${failed} failed` : results.length}
    </span>
  );
}

function HideButton({ onClick }: { onClick: () => void }) {
  const button = useRef<HTMLButtonElement>(null);
  useReturnFocus(button, () => document.querySelector<HTMLElement>('[data-run-line]'));
  return (
    <UnstyledButton ref={button} className={classes.hide} aria-label="Collapse the run panel" onClick={onClick}>
      <IconChevronDown size={18} />
    </UnstyledButton>
  );
}

function EventCount({ runId }: { runId: string }) {
  const { state } = useLiveRun(runId);
  return state.seq > 0 ? <span className={classes.count}>{state.seq}</span> : null;
}

/** The input of a past run. */
function PastInput({ runId }: { runId: string }) {
  const { data } = useRun(runId);
  if (!data) return <p className={classes.words}>Loading the run…</p>;
  return (
    <div className={classes.input}>
      <ValueView value={data.input} runId={runId} label="Input of the run" />
      <div className={classes.inputBar}>
        <AddRunInput run={data} />
      </div>
    </div>
  );
}

/** The displayed run with its tokens and cost. */
export function RunSummary({ runId }: { runId: string }) {
  const { state } = useLiveRun(runId);
  const tokens = state.usage.inputTokens + state.usage.outputTokens;
  return (
    <span className={classes.summary}>
      <Link to="/runs/$id" params={{ id: runId }} className={classes.runLink}>
        Run {shortId(runId)}
      </Link>{' '}
      of {state.version === 'draft' ? 'the draft' : `v${state.version}`}
      {tokens > 0 && ` · ${formatNumber(tokens)} tokens`}
      {usedModel(state) && (
        <>
          {' · '}
          <CostSum of={state} demo={usedDemo(state)} />
        </>
      )}
    </span>
  );
}

/** Finds the newest draft run when a workflow is opened, to make its values available. It is displayed only if it is in progress. */
function useFindLastRun(): void {
  const editor = useEditorApi();
  useEffect(() => {
    const { lastRun, readOnly, workflowId } = editor.getState();
    if (lastRun || readOnly) return;
    const stop = new AbortController();
    call(listRuns, { query: { workflowId, version: 'draft', limit: 1 }, signal: stop.signal }).then(
      async ({ items: [run] }) => {
        if (!run || editor.getState().lastRun) return;
        seedRun(run);
        if (run.status === 'queued' || run.status === 'running') editor.getState().showRun(run.id, null);
        else editor.setState({ lastRun: { id: run.id, graph: null } });
        const graph = await call(getRunGraph, { params: { id: run.id }, signal: stop.signal });
        if (editor.getState().lastRun?.id === run.id) editor.setState({ lastRun: { id: run.id, graph } });
      },
      // On failure, the panel looks as before a first run, and the next run is shown as usual.
      () => {},
    );
    return () => stop.abort();
  }, [editor]);
}
