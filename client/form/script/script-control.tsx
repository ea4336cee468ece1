import type { Diagnostic } from '@codemirror/lint';
import { Button } from '@mantine/core';
import type { TriedCode } from '@switchyard/shared/contracts/code.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { IconPlayerPlay } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useMemo, useRef } from 'react';
import { useTryCode } from '../../api/try-code.ts';
import type { Suggestion } from '../../expressions/completions.ts';
import { useExpressionScope } from '../../expressions/expression-scope.tsx';
import { useEditor } from '../../open-workflow/editor-store.ts';
import { COMMAND_KEY, Kbd } from '../../ui/kbd.tsx';
import { flushTyping } from '../../ui/typing.ts';
import { ExpressionInput } from '../expression-input.tsx';
import { type ControlProps, useForm } from '../form-context.tsx';
import { HelpersFold } from './helpers-fold.tsx';
import { useLastError } from './last-error.ts';
import classes from './script.module.css';
import { exportedNames, rangeOfError, scopeToSend } from './script-values.ts';
import { TriedResult } from './tried-result.tsx';

/** User code. *Test* runs it with the values shown. Errors of the test, or else of the last run, are marked at their line. */
export function ScriptControl({ labelId, describedBy, path, value, set, readOnly }: ControlProps) {
  const { nodeId } = useForm();
  const helpers = useEditor((state) => state.graph.helpers) ?? '';
  const source = typeof value === 'string' ? value : '';
  const { trying, test, title } = useTest(source, helpers);
  const latestTest = useRef(test);
  useEffect(() => {
    latestTest.current = test;
  });
  const tried = trying.data;
  const isCurrent = tried?.source === source && tried.helpers === helpers;
  const lastError = useLastError(nodeId, source, helpers);
  const error = isCurrent ? tried.result.error : lastError;
  const found = useMemo(() => marksOf(source, error?.inHelpers ? undefined : error), [source, error]);
  const foundInHelpers = useMemo(() => marksOf(helpers, error?.inHelpers ? { ...error, inHelpers: false } : undefined), [helpers, error]);
  const names = useMemo(() => exportedNames(helpers).map((label): Suggestion => ({ label, detail: 'helper', kind: 'value' })), [helpers]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || readOnly) return;
    event.preventDefault();
    // With what was just typed.
    flushTyping();
    setTimeout(() => latestTest.current());
  };
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: only a shortcut for the button below */}
      <div onKeyDown={onKeyDown}>
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
      </div>
      {!readOnly && (
        <div className={classes.actions}>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlayerPlay size={14} />}
            loading={trying.isPending}
            disabled={source.trim() === ''}
            title={`${COMMAND_KEY} Enter`}
            onClick={test}
          >
            Test
          </Button>
          <span className={classes.figures}>
            with the {title.charAt(0).toLowerCase()}
            {title.slice(1)} <Kbd>{COMMAND_KEY} ↵</Kbd>
          </span>
        </div>
      )}
      {tried && <TriedResult result={tried.result} isCurrent={isCurrent} />}
      <HelpersFold helpers={helpers} found={foundInHelpers} />
    </>
  );
}

/** Runs unsaved code with the values that the page shows. */
function useTest(source: string, helpers: string) {
  const { params } = useForm();
  const { data, title } = useExpressionScope();
  const trying = useTryCode(useEditor((state) => state.workflowId));
  const runId = isPlainObject(data.run) && typeof data.run.id === 'string' ? data.run.id : undefined;
  const seconds = isPlainObject(params) && typeof params.seconds === 'number' ? params.seconds : undefined;
  const test = () => {
    if (source.trim() === '' || trying.isPending) return;
    trying.mutate({ source, helpers, scope: scopeToSend(source, data), ...(seconds !== undefined && { seconds }), ...(runId !== undefined && { runId }) });
  };
  return { trying, test, title };
}

function marksOf(source: string, error: TriedCode['error'] | undefined): Diagnostic[] {
  const range = rangeOfError(source, error ?? null);
  return error && range ? [{ ...range, severity: 'error', message: error.message }] : [];
}
