import { isPlainObject, type JsonSchema } from '@switchyard/shared/json.ts';
import { useId } from 'react';
import { useExpressionScope } from '../../expressions/expression-scope.tsx';
import { JsonInput } from '../../expressions/json-input.tsx';
import { readLoosely, writeLoosely } from '../../expressions/json-text.ts';
import { describeType } from '../../expressions/output-fields.ts';
import { ExpressionInput } from '../expression-input.tsx';
import { FieldProblems } from '../field-problems.tsx';
import form from '../form.module.css';
import { type ControlProps, useForm } from '../form-context.tsx';
import { problemsWithin } from '../problem-match.ts';
import { useChosenVersion } from './chosen-version.ts';
import styles from './prompt.module.css';

/** Values for the variables of the chosen prompt, one expression each. JSON while its schema is unknown. */
export function PromptVariablesControl(props: ControlProps) {
  const { version } = useChosenVersion();
  const { suggestions } = useExpressionScope();
  const schema = version.data?.variables;
  const values = isPlainObject(props.value) ? props.value : {};
  const properties = schema && isPlainObject(schema.properties) ? schema.properties : {};
  // Values of other names stay visible, so nothing that is sent is hidden.
  const names = [...new Set([...Object.keys(properties), ...Object.keys(values)])];
  if (!schema || (props.value !== undefined && !isPlainObject(props.value))) {
    return <JsonInput value={props.value} onChange={props.set} labelId={props.labelId} suggestions={suggestions} readOnly={props.readOnly} />;
  }
  if (names.length === 0) return <p className={form.help}>This prompt has no variables.</p>;
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  return (
    <fieldset className={form.list} aria-labelledby={props.labelId}>
      {names.map((name) => {
        const shape = properties[name];
        const words = isPlainObject(shape) ? describe(shape, required.has(name)) : 'not a variable of this prompt';
        return (
          <Variable
            key={name}
            name={name}
            words={words}
            path={[...props.path, name]}
            isText={isPlainObject(shape) && shape.type === 'string'}
            value={values[name]}
          />
        );
      })}
    </fieldset>
  );
}

const describe = (shape: JsonSchema, isRequired: boolean): string =>
  [describeType(shape), ...(isRequired ? [] : ['optional']), ...(typeof shape.description === 'string' ? [shape.description] : [])].join(', ');

interface VariableProps {
  readonly name: string;
  readonly words: string;
  readonly path: readonly (string | number)[];
  /** Text stays as typed. Other values are read as JSON if valid. */
  readonly isText: boolean;
  readonly value: unknown;
}

function Variable({ name, words, path, isText, value }: VariableProps) {
  const { problems, change } = useForm();
  const id = useId();
  const text = isText && typeof value === 'string' ? value : writeLoosely(value);
  return (
    <div className={form.wide}>
      <div id={id} className={styles.name}>
        {name}
        <span className={styles.type}>{words}</span>
      </div>
      <ExpressionInput
        labelId={id}
        path={path}
        value={text}
        onChange={(next) => change(path, next === '' ? undefined : isText ? next : readLoosely(next))}
        minHeight={30}
        placeholder="{{ input.message }}"
      />
      <FieldProblems problems={problemsWithin(problems, path)} />
    </div>
  );
}
