import { type FormField, formFields } from '@switchyard/shared/forms/form-fields.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { startNode } from '../graph-editing/samples.ts';
import { useEditor } from '../open-workflow/editor-store.ts';
import styles from './form-preview.module.css';
import type { TriggerValues } from './trigger-values.ts';

/** What the page of a form looks like, with unsaved texts and the fields of the draft’s input. Nothing in it can be used. */
export function FormPreview({ values: { title, intro } }: { values: Pick<TriggerValues, 'title' | 'intro'> }) {
  const schema = useEditor((state) => startNode(state.graph)?.data.params.schema);
  const fields = formFields(isPlainObject(schema) ? schema : {});
  return (
    <div>
      <h3 className={styles.label}>
        <b>Preview</b> from the input schema
      </h3>
      <div className={styles.page} inert>
        <p className={styles.title}>{title}</p>
        {intro !== '' && <p className={styles.intro}>{intro}</p>}
        {fields.map((field) => (
          <Field key={field.name} field={field} />
        ))}
        {fields.length === 0 && <p className={styles.intro}>The input has no fields yet. Add them to the schema of the Input node.</p>}
        <span className={styles.send}>Send</span>
      </div>
    </div>
  );
}

const LARGE: readonly FormField['kind'][] = ['long-text', 'lines', 'json'];

function Field({ field: { label, help, kind, isRequired, choices } }: { field: FormField }) {
  if (kind === 'boolean') {
    return (
      <p className={styles.check}>
        <span className={styles.box} /> {label}
      </p>
    );
  }
  return (
    <div className={styles.field}>
      <p>
        <b>{label}</b> {!isRequired && <span className={styles.optional}>optional</span>}
      </p>
      <span className={styles.control} data-large={LARGE.includes(kind) || undefined}>
        {kind === 'choice' ? (choices[0] ?? '') : kind === 'file' || kind === 'files' ? 'Choose a file' : ''}
      </span>
      {help && <p className={styles.optional}>{help}</p>}
    </div>
  );
}
