import type { Diagnostic } from '@codemirror/lint';
import type { FieldPath } from '@switchyard/shared/graph/node-kind.ts';
import { useMemo } from 'react';
import type { Suggestion } from '../expressions/completions.ts';
import { useExpressionScope } from '../expressions/expression-scope.tsx';
import { TextEditor, type TextEditorProps } from '../expressions/text-editor.tsx';
import { useForm } from './form-context.tsx';
import { WithFunctions } from './functions-button.tsx';
import { problemsAt } from './problem-match.ts';

type Props = Omit<TextEditorProps, 'kind' | 'readOnly' | 'suggestions' | 'diagnostics'> & {
  readonly kind?: TextEditorProps['kind'];
  readonly path: FieldPath;
  /** More to underline than the problems of the graph. */
  readonly found?: readonly Diagnostic[];
  /** More to complete than the scope. */
  readonly more?: readonly Suggestion[];
};

const NONE: readonly never[] = [];

/** A text field with expressions at a path of the form, with problems underlined. */
export function ExpressionInput({ path, kind = 'template', found = NONE, more = NONE, ...props }: Props) {
  const { problems, readOnly } = useForm();
  const { suggestions } = useExpressionScope();
  // A path is a new array on every render. Its text is stable.
  const field = path.join('.');
  const diagnostics = useMemo(
    () => [
      ...problemsAt(problems, field.split('.')).flatMap(({ range, severity, message, suggestion }) =>
        range ? [{ from: range.start, to: range.end, severity, message: [message, suggestion].filter(Boolean).join(' ') }] : [],
      ),
      ...found,
    ],
    [problems, field, found],
  );
  const editor = <TextEditor {...props} kind={kind} readOnly={readOnly} suggestions={() => [...suggestions(), ...more]} diagnostics={diagnostics} />;
  return kind === 'script' ? editor : <WithFunctions readOnly={readOnly}>{editor}</WithFunctions>;
}
