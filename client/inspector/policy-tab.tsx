import { SegmentedControl, Select } from '@mantine/core';
import { definitionOf } from '@switchyard/nodes/catalog.ts';
import type { GraphNode, Policy } from '@switchyard/shared/graph/graph.ts';
import { useId } from 'react';
import { JsonInput } from '../expressions/json-input.tsx';
import { FieldProblems } from '../form/field-problems.tsx';
import formClasses from '../form/form.module.css';
import { NumberField } from '../form/number-field.tsx';
import { ownProblems } from '../graph-editing/own-problems.ts';
import { useEditor, useEditorApi, useNodeProblems } from '../open-workflow/editor-store.ts';
import classes from './inspector.module.css';
import { RetryFields } from './retry-fields.tsx';

const ON_ERROR = {
  fail: { label: 'Fail the run', words: 'Cancels other steps and fails the run with this error.' },
  branch: { label: 'Use the error branch', words: 'Adds an “error” branch. The error is available as steps.<key>.error.' },
  'continue-with': { label: 'Use a fallback value', words: 'Continues as if the node had returned this value. The step is marked as recovered.' },
} as const;

const INTERRUPTED = {
  ask: 'A person decides whether to run it again. The run waits until then.',
  fail: 'The step fails, and “On failure” applies.',
} as const;

/** Timeout, retries, and what happens when a node fails or is interrupted. */
export function PolicyTab({ node }: { node: GraphNode }) {
  const editor = useEditorApi();
  const readOnly = useEditor((state) => state.readOnly);
  const found = useNodeProblems(node.id);
  const policy = node.data.policy ?? {};
  const problems = ownProblems(
    found.filter((problem) => problem.field?.startsWith('policy')),
    node,
  );
  const onErrorId = useId();
  const set = (part: { [K in keyof Policy]?: Policy[K] | undefined }) => {
    const next = Object.fromEntries(Object.entries({ ...policy, ...part }).filter(([, value]) => value !== undefined));
    editor.getState().setPolicy(node.id, next as Policy);
  };
  const onError = policy.onError ?? 'fail';
  const unsafe = definitionOf(node.type)?.effect(node.data.params) === 'unsafe';
  return (
    <div className={classes.stack}>
      <div data-field="policy.timeoutMs">
        <NumberField
          label="Timeout per attempt"
          unit="s"
          placeholder="none"
          value={policy.timeoutMs === undefined ? undefined : policy.timeoutMs / 1_000}
          min={0.001}
          max={86_400}
          readOnly={readOnly}
          onChange={(seconds) => set({ timeoutMs: seconds === undefined ? undefined : Math.round(seconds * 1_000) })}
          help="Excludes time spent waiting for a review, delay, or retry."
        />
      </div>
      <RetryFields retry={policy.retry} readOnly={readOnly} unsafe={unsafe} onChange={(retry) => set({ retry })} />
      <div data-field="policy.onError">
        <span className={formClasses.label} id={onErrorId}>
          On failure
        </span>
        <Select
          aria-labelledby={onErrorId}
          data={Object.entries(ON_ERROR).map(([value, { label }]) => ({ value, label }))}
          value={onError}
          readOnly={readOnly}
          onChange={(value) => set({ onError: value as NonNullable<Policy['onError']> })}
        />
        <p className={`${formClasses.help} ${formClasses.notes}`}>{ON_ERROR[onError].words.replace('<key>', node.data.key)}</p>
      </div>
      {onError === 'continue-with' && <ContinueWith node={node} value={policy.continueWith} onChange={(continueWith) => set({ continueWith })} />}
      {unsafe && (
        <div data-field="policy.onInterrupted">
          <span className={formClasses.label}>If interrupted</span>
          <SegmentedControl
            fullWidth
            aria-label="If interrupted"
            data={[
              { value: 'ask', label: 'Ask a person' },
              { value: 'fail', label: 'Fail' },
            ]}
            value={policy.onInterrupted ?? 'ask'}
            readOnly={readOnly}
            onChange={(value) => set({ onInterrupted: value as NonNullable<Policy['onInterrupted']> })}
          />
          <p className={`${formClasses.help} ${formClasses.notes}`}>This node isn’t safe to repeat. {INTERRUPTED[policy.onInterrupted ?? 'ask']}</p>
        </div>
      )}
      <FieldProblems problems={problems} />
    </div>
  );
}

interface Props {
  readonly node: GraphNode;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

/** The fallback value of a failed step. */
function ContinueWith({ node, value, onChange }: Props) {
  const readOnly = useEditor((state) => state.readOnly);
  const labelId = `${node.id}-continue`;
  return (
    <div data-field="policy.continueWith">
      <span className={formClasses.label} id={labelId}>
        Fallback value
      </span>
      <JsonInput value={value} onChange={onChange} labelId={labelId} readOnly={readOnly} />
    </div>
  );
}
