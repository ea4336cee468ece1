import type { FieldPath } from '@switchyard/shared/graph/node-kind.ts';
import { useMemo } from 'react';
import { useExpressionScope } from '../expressions/expression-scope.tsx';
import { TextEditor, type TextEditorProps } from '../expressions/text-editor.tsx';
import { useForm } from './form-context.tsx';
import { problemsAt } from './problem-match.ts';

type Props = Omit<TextEditorProps, 'kind' | 'readOnly' | 'suggestions' | 'diagnostics'> & {
  readonly kind?: TextEditorProps['kind'];
  readonly path: FieldPath;
};

/** A text field with expressions at a path of the form, with problems underlined. */
export function ExpressionInput({ path, kind = 'template', ...props }: Props) {
  const { problems, readOnly } = useForm();
  const { suggestions } = useExpressionScope();
  // A path is a new array on every render. Its text is stable.
  const field = path.join('.');
  const diagnostics = useMemo(
    () =>
      problemsAt(problems, field.split('.')).flatMap(({ range, severity, message, suggestion }) =>
        range ? [{ from: range.start, to: range.end, severity, message: [message, suggestion].filter(Boolean).join(' ') }] : [],
      ),
    [problems, field],
  );
  return <TextEditor {...props} kind={kind} readOnly={readOnly} suggestions={suggestions} diagnostics={diagnostics} />;
}
