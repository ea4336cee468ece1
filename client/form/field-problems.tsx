import { UnstyledButton } from '@mantine/core';
import type { Problem } from '@switchyard/shared/graph/problem.ts';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useEditor } from '../open-workflow/editor-store.ts';
import classes from './form.module.css';
import { replacementFor } from './problem-match.ts';

/** The problems of a field. If the suggestion contains the fix, a click applies it. */
export function FieldProblems({ problems, value, set }: { problems: readonly Problem[]; value?: unknown; set?: ((value: unknown) => void) | undefined }) {
  return problems.map((problem) => {
    const fix = typeof value === 'string' ? replacementFor(problem, value) : undefined;
    return (
      <p key={`${problem.code} ${problem.field} ${problem.message}`} className={classes.problem} data-severity={problem.severity}>
        <IconAlertTriangle size={14} aria-hidden />
        <span>
          {problem.message}{' '}
          {fix && set ? (
            <UnstyledButton className={classes.fix} onClick={() => set(fix.text)}>
              Change to “{fix.name}”
            </UnstyledButton>
          ) : (
            problem.suggestion
          )}
          {problem.edgeId !== undefined && <RemoveEdge edgeId={problem.edgeId} />}
        </span>
      </p>
    );
  });
}

function RemoveEdge({ edgeId }: { edgeId: string }) {
  const disconnect = useEditor((state) => state.disconnect);
  const readOnly = useEditor((state) => state.readOnly);
  if (readOnly) return null;
  return (
    <>
      {' '}
      <UnstyledButton className={classes.fix} onClick={() => disconnect([edgeId])}>
        Remove edge
      </UnstyledButton>
    </>
  );
}
