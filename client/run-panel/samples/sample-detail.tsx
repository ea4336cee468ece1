import { Button } from '@mantine/core';
import { sameJson } from '@switchyard/shared/same-json.ts';
import { IconCheck } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { setAt } from '../../expressions/field-path.ts';
import { JsonInput } from '../../expressions/json-input.tsx';
import { startNode } from '../../graph-editing/samples.ts';
import { useEditor, useEditorApi } from '../../open-workflow/editor-store.ts';
import type { SampleResult } from '../../open-workflow/samples/sample-batch.ts';
import { shortId } from '../../run-look/run-labels.ts';
import { ValueView } from '../../step-details/value-view.tsx';
import classes from './samples.module.css';

/** Why a sample failed, and its output next to the expected one, which can be edited or taken from the output. */
export function SampleDetail({ result }: { result: SampleResult }) {
  const { sample, failures, outcome, runId } = result;
  const setExpected = useSetExpected(result.index);
  const output = outcome?.status === 'succeeded' ? outcome.output : undefined;
  return (
    <div className={classes.detail}>
      {failures.length > 0 && (
        <ul className={classes.failures} aria-label="Why it failed">
          {failures.map((failure) => (
            <li key={failure}>{failure}</li>
          ))}
        </ul>
      )}
      <div className={classes.compared}>
        <section>
          <h3>Expected output</h3>
          <Expected result={result} onChange={setExpected} />
        </section>
        <section>
          <h3>
            Output
            {runId !== undefined && (
              <Link to="/runs/$id" params={{ id: runId }} className={classes.link}>
                Open run {shortId(runId)}
              </Link>
            )}
          </h3>
          {output === undefined ? (
            <p className={classes.quiet}>{outcome?.error?.message ?? 'No output. Run all samples to see it.'}</p>
          ) : (
            <>
              {!sameJson(output, sample.expect) && (
                <Button size="xs" leftSection={<IconCheck size={14} />} onClick={() => setExpected(output)}>
                  Expect this output
                </Button>
              )}
              <ValueView value={output} runId={runId ?? ''} label={`Output of ${sample.name}`} />
            </>
          )}
        </section>
      </div>
    </div>
  );
}

function Expected({ result: { sample, index }, onChange }: { result: SampleResult; onChange: (value: unknown) => void }) {
  const readOnly = useEditor((state) => state.readOnly);
  if (sample.expect === undefined) return <p className={classes.quiet}>None. The sample passes if its run succeeds.</p>;
  return (
    <>
      <JsonInput key={index} label={`Expected output of ${sample.name}`} readOnly={readOnly} value={sample.expect} minHeight={48} onChange={onChange} />
      <p className={classes.quiet}>Fields you leave out may have any value.</p>
      <Button size="compact-xs" variant="subtle" onClick={() => onChange(undefined)}>
        Expect nothing
      </Button>
    </>
  );
}

/** Sets the expected output of a sample. `undefined` removes it. */
function useSetExpected(index: number): (value: unknown) => void {
  const editor = useEditorApi();
  return (value) => {
    const { graph, setParams } = editor.getState();
    const start = startNode(graph);
    if (start) setParams(start.id, setAt(start.data.params, ['samples', index, 'expect'], value) as Record<string, unknown>);
  };
}
