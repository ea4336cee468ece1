import { Button } from '@mantine/core';
import { widenSchema } from '@switchyard/nodes/io/widen-schema.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { IconAlertTriangle, IconArrowDownRight, IconCircleCheck, IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { describeRequired } from '../graph-editing/check-input.ts';
import type { RunInput } from '../graph-editing/editor-state.ts';
import { startNode } from '../graph-editing/samples.ts';
import { useEditor, useEditorApi } from '../open-workflow/editor-store.ts';
import { addSample } from '../open-workflow/samples/add-sample.ts';
import type { TestRequest } from '../open-workflow/test-request.ts';
import { JsonView } from '../run-look/json-view.tsx';
import { TimeAgo } from '../ui/figures.tsx';
import { formatBytes } from '../ui/format.ts';
import { showDone, showFailure } from '../ui/toast.tsx';
import { bodyKind, sampleName } from './request-labels.ts';
import classes from './webhook-panel.module.css';

/** A test request: its body, whether it is valid, and actions to use it. */
export function TestRequestCard({ request }: { request: TestRequest }) {
  const editor = useEditorApi();
  const start = useEditor((state) => startNode(state.graph));
  const [used, setUsed] = useState<'no' | 'sample' | 'schema'>('no');
  const makeSample = () => {
    if (!start) return;
    addSample(editor, sampleName(request), request.body);
    setUsed('sample');
    showDone('Run now uses this request as input');
  };
  const takeSchema = () => {
    if (!start) return;
    const params = editor.getState().graph.nodes.find((node) => node.id === start.id)?.data.params ?? start.data.params;
    editor.getState().setParams(start.id, { ...params, schema: widenSchema(isPlainObject(params.schema) ? params.schema : {}, [request.body]) });
    setUsed('schema');
    showDone('Input fields inferred from this request');
  };
  const run = () => {
    editor
      .getState()
      .startRun(request.body as RunInput)
      .catch((thrown: unknown) => showFailure('Couldn’t start run', thrown));
  };
  return (
    <article className={classes.call}>
      <p className={classes.callHead}>
        <IconArrowDownRight size={15} aria-hidden />
        <b>{request.method}</b>
        <span>
          received <TimeAgo at={request.at} /> · {formatBytes(request.bytes)} · {bodyKind(request)}
        </span>
      </p>
      <JsonView value={request.body} label="Request body" />
      <Fit request={request} schema={start?.data.params.schema} />
      {start && (
        <div className={classes.buttons}>
          {used === 'no' ? (
            <Button size="xs" onClick={makeSample}>
              Use as sample input
            </Button>
          ) : (
            <Button size="xs" disabled={used === 'schema' || !isPlainObject(request.body)} onClick={takeSchema}>
              Infer schema
            </Button>
          )}
          <Button size="xs" leftSection={<IconPlayerPlay size={14} />} onClick={run}>
            Run with this input
          </Button>
        </div>
      )}
    </article>
  );
}

function Fit({ request, schema }: { request: TestRequest; schema: unknown }) {
  if (request.errors && request.errors.length > 0) {
    return (
      <div className={classes.misfit}>
        <p>
          <IconAlertTriangle size={16} aria-hidden /> Invalid input. No run was started:
        </p>
        <ul>
          {request.errors.map(({ path, message }) => (
            <li key={`${path} ${message}`}>
              {path !== '' && <code>{path}</code>} {message}
            </li>
          ))}
        </ul>
      </div>
    );
  }
  return (
    <p className={classes.fit}>
      <IconCircleCheck size={16} aria-hidden /> Valid input: {describeRequired(schema, request.body)}
    </p>
  );
}
