import { Button } from '@mantine/core';
import type { SampleEnd } from '@switchyard/shared/graph/samples.ts';
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
import { messageOf } from '../../ui/message-of.ts';
import classes from './samples.module.css';

/** Why a sample failed, and its output next to the expected one, which can be edited or taken from the output. */
export function SampleDetail({ result }: { result: SampleResult }) {
  const { sample, failures, outcome, runId } = result;
  const expect = useExpect(result.index);
  const end = endOf(result);
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
          <h2>Expected output</h2>
          <Expected result={result} onChange={(value) => expect({ expect: value })} onForget={() => expect({ ends: undefined })} />
        </section>
        <section>
          <h2>
            Output
            {runId !== undefined && (
              <Link to="/runs/$id" params={{ id: runId }} className={classes.link}>
                Open run {shortId(runId)}
              </Link>
            )}
          </h2>
          {end && (
            <>
              <p className={classes.quiet}>{end.message}</p>
              {sample.ends !== end.ends && (
                <Button size="xs" leftSection={<IconCheck size={14} />} onClick={() => expect({ expect: undefined, ends: end.ends })}>
                  {end.ends === 'rejected' ? 'Expect to be rejected' : 'Expect to fail'}
                </Button>
              )}
            </>
          )}
          {!end && output === undefined && <p className={classes.quiet}>No output. Run all samples to see it.</p>}
          {output !== undefined && (
            <>
              {!sameJson(output, sample.expect) && (
                <Button size="xs" leftSection={<IconCheck size={14} />} onClick={() => expect({ expect: output, ends: undefined })}>
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

interface ExpectedProps {
  readonly result: SampleResult;
  readonly onChange: (value: unknown) => void;
  readonly onForget: () => void;
}

function Expected({ result: { sample, index }, onChange, onForget }: ExpectedProps) {
  const readOnly = useEditor((state) => state.readOnly);
  if (sample.ends === 'failed' || sample.ends === 'rejected')
    return (
      <>
        <p className={classes.quiet}>None. {sample.ends === 'rejected' ? 'The input must be rejected.' : 'The run must fail.'}</p>
        <Button size="compact-xs" variant="subtle" onClick={onForget}>
          Expect to succeed
        </Button>
      </>
    );
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

/** How a sample ended that has no output. */
function endOf({ outcome, error }: SampleResult): { readonly ends: SampleEnd; readonly message: string } | undefined {
  if (error !== undefined) return { ends: 'rejected', message: messageOf(error) };
  return outcome?.status === 'failed' ? { ends: 'failed', message: outcome.error?.message ?? 'The run failed.' } : undefined;
}

/** Changes what a sample expects. `undefined` removes it. */
function useExpect(index: number): (expected: { readonly expect?: unknown; readonly ends?: SampleEnd | undefined }) => void {
  const editor = useEditorApi();
  return (expected) => {
    const { graph, setParams } = editor.getState();
    const start = startNode(graph);
    if (!start) return;
    const params = Object.entries(expected).reduce<unknown>((now, [name, value]) => setAt(now, ['samples', index, name], value), start.data.params);
    setParams(start.id, params as Record<string, unknown>);
  };
}
