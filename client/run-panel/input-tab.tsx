import { Button, Select } from '@mantine/core';
import { type Sample, samplesOf } from '@switchyard/shared/graph/samples.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { sameJson } from '@switchyard/shared/same-json.ts';
import { IconCircleCheck, IconPlayerPlay, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { ApiError } from '../api/api-error.ts';
import { useRun } from '../api/queries.ts';
import { setAt } from '../expressions/field-path.ts';
import { JsonInput } from '../expressions/json-input.tsx';
import { describeRequired, inputErrors } from '../graph-editing/check-input.ts';
import { chosenFiles, inputWithFiles, NO_FILES } from '../graph-editing/chosen-files.ts';
import { emptyInput, startNode } from '../graph-editing/samples.ts';
import { chooseSample, useChosenSample } from '../open-workflow/chosen-sample.ts';
import { useEditor, useEditorApi } from '../open-workflow/editor-store.ts';
import { addSample } from '../open-workflow/samples/add-sample.ts';
import { showFailure } from '../ui/toast.tsx';
import { FileInputs } from './file-inputs.tsx';
import classes from './run-panel.module.css';
import { AddRunInput } from './samples/add-run-input.tsx';

/** The sample that runs start with. Its JSON is edited in place and checked while typing. */
export function InputTab() {
  const editor = useEditorApi();
  const workflowId = useEditor((state) => state.workflowId);
  const start = useEditor((state) => startNode(state.graph));
  const chosen = useChosenSample();
  const files = useStore(chosenFiles, (all) => all[workflowId] ?? NO_FILES);
  if (!start) return <p className={classes.words}>No Input node yet. Add one to define what a run needs.</p>;
  const params = start.data.params;
  const schema = isPlainObject(params) ? params.schema : undefined;
  const filled = inputWithFiles(chosen?.value, schema, files);
  const samples = samplesOf(params);
  const add = () => {
    addSample(editor, `Sample ${samples.length + 1}`, emptyInput(params.schema));
  };
  const change = (value: unknown) => {
    if (chosen) editor.getState().setParams(start.id, setAt(params, ['samples', chosen.index, 'value'], value) as Record<string, unknown>);
  };
  return (
    <div className={classes.input}>
      <div className={classes.inputBar}>
        <Select
          aria-label="Sample input"
          w={260}
          placeholder="No samples"
          data={samples.map((sample, index) => ({ value: String(index), label: sample.name }))}
          value={chosen ? String(chosen.index) : null}
          onChange={(value) => chooseSample(workflowId, Number(value))}
        />
        <Button leftSection={<IconPlus size={14} />} onClick={add}>
          New sample
        </Button>
        <ShownRunInput samples={samples} />
        <RunWith value={chosen?.value} filled={filled} schema={schema} errors={chosen ? inputErrors(params, filled) : []} />
      </div>
      <FileInputs schema={schema} />
      {chosen && (
        <div key={chosen.index}>
          <JsonInput label={`JSON of ${chosen.name}`} value={chosen.value} onChange={change} readOnly={false} minHeight={96} />
        </div>
      )}
    </div>
  );
}

/** Offers the input of the displayed run as a sample, unless it is one. */
function ShownRunInput({ samples }: { samples: readonly Sample[] }) {
  const editor = useEditorApi();
  const runId = useEditor((state) => state.activeRunId ?? state.lastRun?.id);
  const { data } = useRun(runId ?? '', runId !== undefined);
  if (!data || samples.some(({ value }) => sameJson(value, data.input))) return null;
  return <AddRunInput key={data.id} run={data} add={(name, value) => addSample(editor, name, value)} />;
}

interface RunWithProps {
  readonly value: unknown;
  /** The value with the chosen files. */
  readonly filled: unknown;
  readonly schema: unknown;
  readonly errors: readonly { readonly path: string; readonly message: string }[];
}

function RunWith({ value, filled, schema, errors }: RunWithProps) {
  const editor = useEditorApi();
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    try {
      await editor.getState().startRun(value as Parameters<ReturnType<typeof editor.getState>['startRun']>[0]);
    } catch (thrown) {
      const fields = thrown instanceof ApiError ? thrown.errors.map(({ path, message }) => `${path} ${message}`).join('; ') : '';
      showFailure('Couldn’t start run', fields === '' ? thrown : new Error(fields));
    }
    setBusy(false);
  };
  return (
    <>
      <Button leftSection={<IconPlayerPlay size={14} />} loading={busy} onClick={() => void run()}>
        Run with this input
      </Button>
      <p className={classes.fit} data-wrong={errors.length > 0 || undefined}>
        {errors.length === 0 ? (
          <>
            <IconCircleCheck size={16} aria-hidden /> Valid input: {describeRequired(schema, filled)}
          </>
        ) : (
          errors.map(({ path, message }) => (
            <span key={`${path} ${message}`}>
              {path === '' ? (
                `The input ${message}`
              ) : (
                <>
                  <code>{path}</code> {message}
                </>
              )}
            </span>
          ))
        )}
      </p>
    </>
  );
}
