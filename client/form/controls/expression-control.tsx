import { UnstyledButton } from '@mantine/core';
import { AppError } from '@switchyard/shared/errors.ts';
import { compileCel } from '@switchyard/shared/expression/cel.ts';
import { createScope } from '@switchyard/shared/expression/create-scope.ts';
import type { ScopeData } from '@switchyard/shared/expression/scope.ts';
import { ExpressionSyntaxError } from '@switchyard/shared/expression/syntax-error.ts';
import { compileTemplate } from '@switchyard/shared/expression/template.ts';
import { useState } from 'react';
import classes from '../../expressions/expression.module.css';
import { useExpressionScope } from '../../expressions/expression-scope.tsx';
import { ExpressionInput } from '../expression-input.tsx';
import type { ControlProps } from '../form-context.tsx';
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
  const text = asText(props.value);
  const hasExpression = kind === 'cel' ? text.trim() !== '' : text.includes('{{');
  const long = props.field.control === 'long-text';
  return (
    <>
      {hasExpression && (
        <UnstyledButton className={classes.previewToggle} aria-pressed={previewed} onClick={() => setPreviewed(!previewed)}>
          {previewed ? 'Hide preview' : 'Preview'}
        </UnstyledButton>
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
      {previewed && hasExpression && <Preview text={text} kind={kind} />}
    </>
  );
}

function Preview({ text, kind }: { text: string; kind: 'template' | 'cel' }) {
  const { data } = useExpressionScope();
  const result = evaluate(text, kind, data);
  return (
    <output className={classes.preview} data-failed={result.failed || undefined}>
      {result.text}
    </output>
  );
}

function evaluate(text: string, kind: 'template' | 'cel', data: ScopeData): { text: string; failed: boolean } {
  try {
    const value = (kind === 'cel' ? compileCel(text) : compileTemplate(text)).evaluate(createScope(data));
    const shown = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
    return { text: shown === '' ? 'Evaluates to empty text' : shown, failed: false };
  } catch (thrown) {
    if (thrown instanceof AppError || thrown instanceof ExpressionSyntaxError) return { text: thrown.message, failed: true };
    throw thrown;
  }
}
