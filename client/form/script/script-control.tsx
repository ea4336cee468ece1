import { Button } from '@mantine/core';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTryCode } from '../../api/try-code.ts';
import type { Suggestion } from '../../expressions/completions.ts';
import { useExpressionScope } from '../../expressions/expression-scope.tsx';
import { useEditor } from '../../open-workflow/editor-store.ts';
import { ExpressionInput } from '../expression-input.tsx';
import { type ControlProps, useForm } from '../form-context.tsx';
import classes from './script.module.css';
import { exportedNames, rangeOfError, scopeToSend } from './script-values.ts';
import { TriedResult } from './tried-result.tsx';

/** User code. *Test* runs it with the values shown. */
export function ScriptControl({ labelId, describedBy, path, value, set, readOnly }: ControlProps) {
  const { params } = useForm();
  const { data } = useExpressionScope();
  const workflowId = useEditor((state) => state.workflowId);
  const helpers = useEditor((state) => state.graph.helpers) ?? '';
  const trying = useTryCode(workflowId);
  const source = typeof value === 'string' ? value : '';
  const runId = isPlainObject(data.run) && typeof data.run.id === 'string' ? data.run.id : undefined;
  const test = () => {
    const seconds = isPlainObject(params) && typeof params.seconds === 'number' ? params.seconds : undefined;
    trying.mutate({ source, helpers, scope: scopeToSend(source, data), ...(seconds !== undefined && { seconds }), ...(runId !== undefined && { runId }) });
  };
  const tried = trying.data;
  const isCurrent = tried?.source === source && tried.helpers === helpers;
  const found = useMemo(() => {
    const error = isCurrent ? tried.result.error : null;
    const range = rangeOfError(source, error);
    return error && range ? [{ ...range, severity: 'error' as const, message: error.message }] : [];
  }, [isCurrent, tried, source]);
  const names = useMemo(() => exportedNames(helpers).map((label): Suggestion => ({ label, detail: 'helper', kind: 'value' })), [helpers]);
  return (
    <>
      <ExpressionInput
        kind="script"
        labelId={labelId}
        describedBy={describedBy}
        path={path}
        value={source}
        onChange={set}
        minHeight={160}
        found={found}
        more={names}
      />
      {!readOnly && (
        <div className={classes.actions}>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlayerPlay size={14} />}
            loading={trying.isPending}
            disabled={source.trim() === ''}
            onClick={test}
          >
            Test
          </Button>
        </div>
      )}
      {tried && <TriedResult result={tried.result} isCurrent={isCurrent} />}
    </>
  );
}
