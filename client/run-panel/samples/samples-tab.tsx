import { Button } from '@mantine/core';
import { IconPlayerPlay, IconPlayerStop, IconRoute } from '@tabler/icons-react';
import { useState } from 'react';
import { useEditor, useEditorApi } from '../../open-workflow/editor-store.ts';
import { cancelBatch, drawBatch, useBatch, useSampleResults } from '../../open-workflow/samples/open-batch.ts';
import { isBusy, type SampleResult } from '../../open-workflow/samples/sample-batch.ts';
import { useBatchIsOld, useRunSamples } from '../../open-workflow/samples/use-run-samples.ts';
import { CostSum } from '../../ui/figures.tsx';
import { SampleLine } from './sample-line.tsx';
import classes from './samples.module.css';
import { describeVerdicts } from './verdicts.ts';

/** All samples as test cases of the draft: whether each passed, which branches it took, and what it took. */
export function SamplesTab({ onAdd }: { onAdd: () => void }) {
  const editor = useEditorApi();
  const results = useSampleResults();
  const batch = useBatch()?.batch;
  const [opened, setOpened] = useState<number | null>(null);
  if (results.length === 0) return <NoSamples onAdd={onAdd} />;
  const toggle = ({ index, runId }: SampleResult) => {
    const opens = opened !== index;
    setOpened(opens ? index : null);
    if (opens && runId !== undefined) editor.getState().showRun(runId, batch?.graph ?? null);
    else if (batch) drawPaths();
  };
  const drawPaths = () => {
    editor.getState().clearRun();
    drawBatch(editor.getState().workflowId, true);
  };
  return (
    <div className={classes.samples}>
      <Bar
        results={results}
        onPaths={() => {
          setOpened(null);
          drawPaths();
        }}
      />
      <table className={classes.table} aria-label="Samples">
        <thead>
          <tr>
            <th>Sample</th>
            <th>Result</th>
            <th className={classes.wide}>Branches</th>
            <th className={classes.figure}>Time</th>
            <th className={classes.figure}>Cost</th>
          </tr>
        </thead>
        <tbody>
          {results.map((result) => (
            <SampleLine key={result.index} result={result} isOpen={opened === result.index} onToggle={() => toggle(result)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Bar({ results, onPaths }: { results: readonly SampleResult[]; onPaths: () => void }) {
  const run = useRunSamples();
  const workflowId = useEditor((state) => state.workflowId);
  const open = useBatch();
  const showsRun = useEditor((state) => state.activeRunId !== null);
  const isOld = useBatchIsOld();
  const busy = open !== undefined && isBusy(open.batch);
  const outcomes = results.flatMap(({ outcome }) => outcome ?? []);
  return (
    <div className={classes.bar}>
      {busy ? (
        <Button leftSection={<IconPlayerStop size={14} />} onClick={() => cancelBatch(workflowId)}>
          Cancel
        </Button>
      ) : (
        <Button leftSection={<IconPlayerPlay size={14} />} onClick={run}>
          Run all samples
        </Button>
      )}
      {open && (showsRun || !open.isDrawn) && (
        <Button variant="subtle" leftSection={<IconRoute size={14} />} onClick={onPaths}>
          Show all paths
        </Button>
      )}
      {open && (
        <p className={classes.words} role="status">
          {describeVerdicts(results)}
          {outcomes.some(({ costMicros, unknownPrice }) => costMicros !== null || unknownPrice > 0) && (
            <>
              {' · '}
              <CostSum of={sumOf(outcomes)} demo={outcomes.some(({ demo }) => demo)} />
            </>
          )}
          {isOld && ' · the draft has changed since'}
        </p>
      )}
    </div>
  );
}

const sumOf = (outcomes: readonly { readonly costMicros: number | null; readonly unknownPrice: number }[]) => ({
  costMicros: outcomes.reduce((sum, { costMicros }) => sum + (costMicros ?? 0), 0),
  unknownPrice: outcomes.reduce((sum, { unknownPrice }) => sum + unknownPrice, 0),
});

function NoSamples({ onAdd }: { onAdd: () => void }) {
  return (
    <div className={classes.empty}>
      <p className={classes.emptyTitle}>No samples yet</p>
      <p className={classes.words}>
        Samples are inputs that this workflow must handle. Run them all to see which branches they take, and compare each output with the expected one.
      </p>
      <Button onClick={onAdd}>Add samples</Button>
    </div>
  );
}
