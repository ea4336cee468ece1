import { Button, Select } from '@mantine/core';
import { OUTCOMES, type Outcome, type Replay, type ReplayedRun } from '@switchyard/shared/contracts/evaluation/replays.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { useState } from 'react';
import { useReplayedRuns } from '../api/evaluation/replay-queries.ts';
import { ErrorState } from '../frame/error-state.tsx';
import { useEditorApi } from '../open-workflow/editor-store.ts';
import { OUTCOME_LOOKS } from '../run-look/replay/replay-looks.ts';
import { shortId } from '../run-look/run-labels.ts';
import { formatNumber } from '../ui/format.ts';
import { differing } from './replay-words.ts';
import styles from './replayed-runs.module.css';
import { RunDifference } from './run-difference.tsx';

/** The runs that differ, the most serious first. The chosen one shows its difference. */
export function ReplayedRuns({ replay, graph }: { replay: Replay; graph: Graph }) {
  const [outcome, setOutcome] = useState<Outcome>();
  const [chosen, choose] = useState<number>();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useReplayedRuns(replay, outcome);
  const count = differing(replay);
  const all = data?.pages.flatMap(({ items }) => items) ?? [];
  const items = outcome === undefined ? all.filter((run) => run.outcome !== 'same' && run.outcome !== 'not-replayable') : all;
  const mayHaveMore = hasNextPage && (outcome !== undefined || items.length < count);
  return (
    <aside className={styles.side} aria-label="Runs that differ">
      <header className={styles.header}>
        <div>
          <h2>{count === 1 ? '1 run differs' : `${formatNumber(count)} runs differ`}</h2>
          <p>Most serious first</p>
        </div>
        <Select
          aria-label="Show"
          size="xs"
          w={150}
          placeholder="All that differ"
          clearable
          value={outcome ?? null}
          data={OUTCOMES.filter((one) => replay.counts[one] > 0).map((one) => ({ value: one, label: `${replay.counts[one]} ${OUTCOME_LOOKS[one].words}` }))}
          onChange={(value) => setOutcome(OUTCOMES.find((one) => one === value))}
        />
      </header>
      {error && <ErrorState title="Couldn’t load runs" error={error} retry={() => void refetch()} />}
      {data && items.length === 0 && (
        <p className={styles.empty}>{replay.status === 'running' ? 'No runs differ so far.' : 'Every replayed run has the same output, path, and branches.'}</p>
      )}
      <ul className={styles.list}>
        {items.map((run) => (
          <Row key={run.index} run={run} graph={graph} isOpen={chosen === run.index} onToggle={() => choose(chosen === run.index ? undefined : run.index)} />
        ))}
      </ul>
      {mayHaveMore && (
        <Button variant="subtle" className={styles.more} loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show more
        </Button>
      )}
    </aside>
  );
}

interface RowProps {
  readonly run: ReplayedRun;
  readonly graph: Graph;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

function Row({ run, graph, isOpen, onToggle }: RowProps) {
  const editor = useEditorApi();
  const { tone, Glyph, words } = OUTCOME_LOOKS[run.outcome];
  const node = graph.nodes.find(({ data }) => data.key === (run.nodeKey ?? run.nodes[0]));
  const toggle = (): void => {
    onToggle();
    if (node && !isOpen) editor.getState().showNode(node.id);
  };
  return (
    <li className={styles.run} data-open={isOpen || undefined}>
      <button type="button" className={styles.row} aria-expanded={isOpen} onClick={toggle}>
        <span className={styles.icon} data-tone={tone}>
          <Glyph size={15} stroke={1.8} aria-hidden />
        </span>
        <span className={styles.text}>
          <span className={styles.title}>
            <b dir="auto">{run.title === null ? `Run ${shortId(run.sourceId)}` : `“${run.title}”`}</b>
            <code>{shortId(run.sourceId)}</code>
          </span>
          {run.what && <span className={styles.what}>{run.what}</span>}
          <span className={styles.place}>
            <span data-tone={tone}>{words}</span>
            <span>{node?.data.title}</span>
          </span>
        </span>
      </button>
      {isOpen && <RunDifference run={run} graph={graph} />}
    </li>
  );
}
