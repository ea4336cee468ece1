import type { FieldPath } from '@switchyard/shared/graph/node-kind.ts';
import { lazy, Suspense, useId, useMemo, useRef } from 'react';
import { dotted } from '../form/field-path.ts';
import { useForm } from '../form/form-context.tsx';
import { completionSource } from './completion-source.ts';
import classes from './expression.module.css';
import { useExpressionScope } from './expression-scope.tsx';

const Editor = lazy(() => import('./expression-editor.tsx').then((module) => ({ default: module.ExpressionEditor })));

interface Props {
  /** Words for screen readers; or the id of the element that has them. */
  readonly label?: string;
  readonly labelId?: string;
  readonly describedBy?: string | undefined;
  readonly path: FieldPath;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly kind?: 'template' | 'cel' | 'json';
  readonly singleLine?: boolean;
  readonly minHeight?: number;
  readonly placeholder?: string;
}

/** A text field with expressions at a path of the form; the editor's code is loaded when the first one is shown. */
export function ExpressionInput(props: Props) {
  const { problems, readOnly } = useForm();
  const { suggestions } = useExpressionScope();
  const latest = useRef(suggestions);
  latest.current = suggestions;
  const ownId = useId();
  const kind = props.kind ?? 'template';
  const field = dotted(props.path);
  const diagnostics = useMemo(
    () =>
      problems.flatMap((problem) =>
        problem.field === field && problem.range
          ? [
              {
                from: problem.range.start,
                to: problem.range.end,
                severity: problem.severity,
                message: [problem.message, problem.suggestion].filter(Boolean).join(' '),
              },
            ]
          : [],
      ),
    [problems, field],
  );
  const completions = useMemo(() => completionSource(kind, () => latest.current), [kind]);
  const minHeight = props.minHeight ?? (props.singleLine ? 30 : 68);
  return (
    <div className={classes.input} style={{ minHeight: minHeight + 2 }}>
      {props.labelId === undefined && (
        <span id={ownId} className="visually-hidden">
          {props.label}
        </span>
      )}
      <Suspense fallback={<div className={classes.loading}>{props.value}</div>}>
        <Editor
          value={props.value}
          onChange={props.onChange}
          kind={kind}
          singleLine={props.singleLine ?? false}
          minHeight={minHeight}
          completions={completions}
          diagnostics={diagnostics}
          labelId={props.labelId ?? ownId}
          describedBy={props.describedBy}
          placeholder={props.placeholder ?? ''}
          readOnly={readOnly}
        />
      </Suspense>
    </div>
  );
}
