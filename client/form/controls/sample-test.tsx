import { Button, NativeSelect } from '@mantine/core';
import { SAMPLE_ENDS, type Sample, type SampleEnd } from '@switchyard/shared/graph/samples.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { JsonInput } from '../../expressions/json-input.tsx';
import { useEditor } from '../../open-workflow/editor-store.ts';
import classes from '../form.module.css';

type Test = Pick<Sample, 'expect' | 'ends' | 'decisions'>;

/** The sample with this test, and without what is undefined. */
export function withTest(item: unknown, test: Test): Record<string, unknown> {
  const { expect: _expect, ends: _ends, decisions: _decisions, ...rest } = isPlainObject(item) ? item : {};
  return { ...rest, ...Object.fromEntries(Object.entries(test).filter(([, value]) => value !== undefined)) };
}

const ENDS: Record<SampleEnd, string> = { succeeded: 'Run succeeds', failed: 'Run fails', rejected: 'Input is rejected' };
const endOf = (text: string): SampleEnd => SAMPLE_ENDS.find((end) => end === text) ?? 'succeeded';

interface SampleTestProps {
  readonly sample: Sample;
  readonly readOnly: boolean;
  readonly onChange: (test: Test) => void;
}

/** What a test expects of a sample, and how it decides reviews. */
export function SampleTest({ sample, readOnly, onChange }: SampleTestProps) {
  const hasReviews = useEditor((state) => state.graph.nodes.some(({ type }) => type === 'human-review'));
  const { name, expect, ends = 'succeeded', decisions } = sample;
  const test: Test = { expect, ...(sample.ends && { ends: sample.ends }), ...(decisions && { decisions }) };
  if (expect === undefined && sample.ends === undefined && decisions === undefined) {
    return readOnly ? null : (
      <Button size="compact-xs" variant="subtle" onClick={() => onChange({ expect: {} })}>
        Expect an output
      </Button>
    );
  }
  return (
    <>
      <NativeSelect
        size="xs"
        label="Expected end"
        disabled={readOnly}
        value={ends}
        data={SAMPLE_ENDS.map((value) => ({ value, label: ENDS[value] }))}
        onChange={(event) =>
          onChange(endOf(event.currentTarget.value) === 'rejected' ? { ends: 'rejected' } : { ...test, ends: endOf(event.currentTarget.value) })
        }
      />
      {ends !== 'rejected' && (
        <>
          <div className={classes.help}>Expected output. Fields you leave out may have any value.</div>
          <JsonInput label={`Expected output of ${name}`} readOnly={readOnly} value={expect ?? {}} onChange={(value) => onChange({ ...test, expect: value })} />
        </>
      )}
      {decisions && (
        <>
          <div className={classes.help}>Decisions of reviews, by the key of their node.</div>
          <JsonInput
            label={`Decisions of ${name}`}
            readOnly={readOnly}
            value={decisions}
            onChange={(value) => onChange({ ...test, decisions: isPlainObject(value) ? value : {} })}
          />
        </>
      )}
      {!readOnly && (
        <div>
          {hasReviews && !decisions && ends !== 'rejected' && (
            <Button size="compact-xs" variant="subtle" onClick={() => onChange({ ...test, decisions: {} })}>
              Decide reviews
            </Button>
          )}
          <Button size="compact-xs" variant="subtle" onClick={() => onChange({})}>
            Expect nothing
          </Button>
        </div>
      )}
    </>
  );
}
