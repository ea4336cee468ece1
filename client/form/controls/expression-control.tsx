import { UnstyledButton } from '@mantine/core';
import { AppError } from '@switchyard/shared/errors.ts';
import { compileCel } from '@switchyard/shared/expression/cel.ts';
import { createScope, type Scope } from '@switchyard/shared/expression/create-scope.ts';
import { ExpressionSyntaxError } from '@switchyard/shared/expression/syntax-error.ts';
import { compileTemplate } from '@switchyard/shared/expression/template.ts';
import { markOutside } from '@switchyard/shared/model/data-marks.ts';
import { useState } from 'react';
import classes from '../../expressions/expression.module.css';
import { useExpressionScope } from '../../expressions/expression-scope.tsx';
import { getAt } from '../../expressions/field-path.ts';
import { ExpressionInput } from '../expression-input.tsx';
import { type ControlProps, useForm } from '../form-context.tsx';
import { asText, hintOf } from './text-controls.tsx';

/** Text with {{ expressions }}. *Preview* shows it with the available values. */
export function ExpressionControl(props: ControlProps) {
  return <Field {...props} kind="template" />;
}

/** One CEL expression. */
export function CodeControl(props: ControlProps) {
  return <Field {...props} kind="cel" />;
}

function Field({ kind, ...props }: ControlProps & { kind: 'template' | 'cel' }) {
  const [previewed, setPreviewed] = useState(false);
  const { params } = useForm();
  const { markedBy, encode } = props.field.hints;
  const isMarked = encode === 'data' || (markedBy !== undefined && getAt(params, [...props.path.slice(0, -1), markedBy]) === true);
  const text = asText(props.value);
  const hasExpression = kind === 'cel' ? text.trim() !== '' : text.includes('{{');
  const long = props.field.control === 'long-text';
  return (
    <>
      {hasExpression && (
        <div className={classes.fieldActions}>
          <UnstyledButton className={classes.fieldAction} aria-pressed={previewed} onClick={() => setPreviewed(!previewed)}>
            {previewed ? 'Hide preview' : 'Preview'}
          </UnstyledButton>
        </div>
      )}
      <ExpressionInput
        kind={kind}
        labelId={props.labelId}
        describedBy={props.describedBy}
        path={props.path}
        value={text}
        onChange={(next) => props.set(next === '' && props.field.optional ? undefined : next)}
        singleLine={!long && kind === 'template'}
        minHeight={long ? 70 : 30}
        placeholder={hintOf(props.field)}
      />
      {previewed && hasExpression && <Preview text={text} kind={isMarked ? 'marked' : kind} />}
    </>
  );
}

/** `marked`: a template whose values are marked as data. */
type PreviewKind = 'template' | 'marked' | 'cel';

function Preview({ text, kind }: { text: string; kind: PreviewKind }) {
  const scope = useExpressionScope();
  const result = evaluate(text, kind, createScope(scope.data, scope.step));
  return (
    <output className={classes.preview} data-failed={result.failed || undefined}>
      {result.text}
    </output>
  );
}

function resultOf(text: string, kind: PreviewKind, scope: Scope): unknown {
  if (kind === 'cel') return compileCel(text).evaluate(scope);
  const template = compileTemplate(text);
  return kind === 'marked' ? template.text(scope, markOutside) : template.evaluate(scope);
}

function evaluate(text: string, kind: PreviewKind, scope: Scope): { text: string; failed: boolean } {
  try {
    const value = resultOf(text, kind, scope);
    const shown = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
    return { text: shown === '' ? 'Evaluates to empty text' : shown, failed: false };
  } catch (thrown) {
    if (thrown instanceof AppError || thrown instanceof ExpressionSyntaxError) return { text: thrown.message, failed: true };
    throw thrown;
  }
}
