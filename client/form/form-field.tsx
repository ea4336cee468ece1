import type { FieldPath } from '@switchyard/shared/graph/node-kind.ts';
import { useId } from 'react';
import { dotted } from '../expressions/field-path.ts';
import { InlineText } from '../ui/inline-text.tsx';
import { FieldProblems } from './field-problems.tsx';
import classes from './form.module.css';
import { type ControlProps, useForm, useFormValue } from './form-context.tsx';
import type { FieldModel } from './form-model.ts';
import { problemsAt, problemsWithin } from './problem-match.ts';

/** Controls whose parts show their own problems. Only problems of the whole are shown below them. */
const COMPOSITE = new Set(['group', 'list', 'labels', 'rules', 'decisions', 'review-fields', 'pairs', 'expressions', 'samples', 'prompt-variables']);

/** One field: label, control, problems, and help. */
export function FormField({ field, path }: { field: FieldModel; path: FieldPath }) {
  const form = useForm();
  const [value, set] = useFormValue(path);
  const id = useId();
  const Control = form.controlFor(field);
  const problems = (COMPOSITE.has(field.control) ? problemsAt : problemsWithin)(form.problems, path);
  const described = problems.length > 0 || field.hints.help !== undefined;
  const props: ControlProps = {
    field,
    path,
    value,
    set,
    id,
    labelId: `${id}-label`,
    describedBy: described ? `${id}-notes` : undefined,
    invalid: problems.length > 0,
    readOnly: form.readOnly,
  };
  const ownLabel = field.control === 'switch';
  return (
    <div className={classes.field} data-field={dotted(path)}>
      {!ownLabel && (
        <label className={classes.label} id={props.labelId} htmlFor={id}>
          {field.hints.label}
        </label>
      )}
      <Control {...props} />
      {described && (
        <div id={`${id}-notes`} className={classes.notes}>
          <FieldProblems problems={problems} value={value} set={form.readOnly ? undefined : set} />
          {field.hints.help && (
            <p className={classes.help}>
              <InlineText text={field.hints.help} />
            </p>
          )}
        </div>
      )}
    </div>
  );
}
