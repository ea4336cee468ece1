import { ActionIcon, Button, Select } from '@mantine/core';
import { OPERATORS, type Operator } from '@switchyard/nodes/flow/rule.ts';
import { meetsCondition } from '@switchyard/nodes/sdk/field.ts';
import type { FieldPath } from '@switchyard/shared/graph/node-kind.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useRef } from 'react';
import { z } from 'zod';
import { getAt } from '../../expressions/field-path.ts';
import { ExpressionInput } from '../expression-input.tsx';
import { FieldProblems } from '../field-problems.tsx';
import classes from '../form.module.css';
import { Form } from '../form.tsx';
import { type ControlProps, useForm, useFormValue } from '../form-context.tsx';
import { choicesOf, fieldOf } from '../form-model.ts';
import { problemsWithin } from '../problem-match.ts';
import { useFreshRow } from '../use-fresh-row.ts';
import { blankOf } from './blank.ts';
import { ListControl } from './list-control.tsx';
import { asList } from './list-items.ts';
import { asText } from './text-controls.tsx';

/** The branches of a condition, in order, each by rules or by one expression. */
export function RulesControl(props: ControlProps) {
  return <ListControl {...props} Body={Branch} detail={describeBranch} openUpTo={2} one="branch" />;
}

function Branch({ path, element }: { path: FieldPath; element: z.ZodObject }) {
  const [value] = useFormValue([...path, 'by']);
  const rules = element.shape.rules as z.ZodType | undefined;
  if (!rules) return <Form schema={element} path={path} />;
  return (
    <div className={classes.form}>
      <Form schema={element.omit({ rules: true })} path={path} />
      {value !== 'expression' && <Rules path={[...path, 'rules']} schema={rules} />}
    </div>
  );
}

function Rules({ path, schema }: { path: FieldPath; schema: z.ZodType }) {
  const { readOnly } = useForm();
  const [value, set] = useFormValue(path);
  const rules = asList(value);
  const element = ruleOf(schema);
  const list = useRef<HTMLDivElement>(null);
  const focusNew = useFreshRow(list);
  if (!element) return null;
  const add = () => {
    focusNew();
    set([...rules, blankOf(element)]);
  };
  return (
    <div ref={list} className={classes.list} data-field={path.join('.')}>
      {rules.map((_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rules have no identity other than their position
        <div key={index} className={classes.rule} data-row>
          <Rule element={element} path={[...path, index]} number={index + 1} />
          {!readOnly && (
            <ActionIcon
              className={classes.ruleRemove}
              size={24}
              aria-label={`Remove rule ${index + 1}`}
              onClick={() => set(rules.filter((__, other) => other !== index))}
            >
              <IconX size={14} />
            </ActionIcon>
          )}
        </div>
      ))}
      {!readOnly && (
        <Button variant="default" size="xs" leftSection={<IconPlus size={14} />} onClick={add}>
          Add rule
        </Button>
      )}
    </div>
  );
}

/** One rule: field, operator, and value. */
function Rule({ element, path, number }: { element: z.ZodObject; path: FieldPath; number: number }) {
  const { problems, params, change } = useForm();
  const model = new Map(Object.entries(element.shape).map(([name, shape]) => [name, fieldOf(name, shape as z.ZodType)]));
  const [operator, setOperator] = useFormValue([...path, 'operator']);
  const text = (name: string) => asText(getAt(params, [...path, name]) ?? model.get(name)?.fallback);
  const operators = model.get('operator');
  const condition = model.get('value')?.hints.when;
  const compares = !condition || meetsCondition(condition, operator);
  return (
    <>
      <ExpressionInput
        kind="cel"
        label={`Field of rule ${number}`}
        path={[...path, 'field']}
        value={text('field')}
        onChange={(next) => change([...path, 'field'], next)}
        minHeight={30}
        placeholder={model.get('field')?.hints.placeholder}
      />
      <div className={classes.comparison}>
        <Select
          aria-label={`Comparison of rule ${number}`}
          data={operators ? choicesOf(operators) : []}
          value={asText(operator) || null}
          onChange={(next) => setOperator(next ?? undefined)}
        />
        {compares && (
          <ExpressionInput
            label={`Value of rule ${number}`}
            path={[...path, 'value']}
            value={text('value')}
            onChange={(next) => change([...path, 'value'], next)}
            singleLine
            placeholder="Value"
          />
        )}
      </div>
      <FieldProblems problems={problemsWithin(problems, path)} value={text('field')} set={(next) => change([...path, 'field'], next)} />
    </>
  );
}

function ruleOf(schema: z.ZodType): z.ZodObject | undefined {
  const list = schema instanceof z.ZodDefault ? (schema.unwrap() as z.ZodType) : schema;
  return list instanceof z.ZodArray && list.element instanceof z.ZodObject ? (list.element as z.ZodObject) : undefined;
}

/** “score ≥ 0.8, topic is safe” */
function describeBranch(item: unknown): string {
  if (!isPlainObject(item)) return '';
  if (item.by === 'expression') return asText(item.expression);
  const rules = asList(item.rules).filter(isPlainObject);
  const words = rules.map((rule) => [asText(rule.field).split('.').at(-1), OPERATORS[rule.operator as Operator], asText(rule.value)].filter(Boolean).join(' '));
  return words.join(item.match === 'any' ? ' or ' : ', ');
}
