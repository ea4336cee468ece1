import { ActionIcon, Button } from '@mantine/core';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useRef } from 'react';
import { ExpressionInput } from '../expression-input.tsx';
import { FieldProblems } from '../field-problems.tsx';
import classes from '../form.module.css';
import { type ControlProps, useForm } from '../form-context.tsx';
import { problemsWithin } from '../problem-match.ts';
import { TypedTextInput } from '../typed-inputs.tsx';
import { useFreshRow } from '../use-fresh-row.ts';
import { asList } from './list-items.ts';
import { asText } from './text-controls.tsx';

const part = (item: unknown, name: string): unknown => (isPlainObject(item) && Object.hasOwn(item, name) ? item[name] : undefined);

/** Names and values, the values with templates: query, headers, form fields. */
export function PairsControl(props: ControlProps) {
  const { problems, change } = useForm();
  const items = asList(props.value);
  const what = props.field.hints.label.toLowerCase();
  const list = useRef<HTMLFieldSetElement>(null);
  const focusNew = useFreshRow(list);
  const add = () => {
    focusNew();
    props.set([...items, { name: '', value: '' }]);
  };
  return (
    <fieldset ref={list} aria-labelledby={props.labelId} className={classes.list}>
      {items.map((item, index) => {
        const path = [...props.path, index];
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: pairs have no identity other than their position
          <div key={index} className={classes.single} style={{ width: '100%' }} data-row>
            <div className={classes.pair}>
              <TypedTextInput
                aria-label={`Name ${index + 1} of ${what}`}
                placeholder="Name"
                readOnly={props.readOnly}
                className={classes.mono}
                value={asText(part(item, 'name'))}
                onText={(text) => change([...path, 'name'], text)}
              />
              <ExpressionInput
                label={`Value ${index + 1} of ${what}`}
                path={[...path, 'value']}
                value={asText(part(item, 'value'))}
                onChange={(text) => change([...path, 'value'], text)}
                singleLine
                placeholder="Value"
              />
              {!props.readOnly && (
                <span className={classes.itemActions}>
                  <ActionIcon
                    size={24}
                    aria-label={`Remove ${asText(part(item, 'name')) || `line ${index + 1}`}`}
                    onClick={() => props.set(items.filter((_, other) => other !== index))}
                  >
                    <IconX size={14} />
                  </ActionIcon>
                </span>
              )}
            </div>
            <FieldProblems problems={problemsWithin(problems, path)} />
          </div>
        );
      })}
      {!props.readOnly && (
        <Button variant="default" size="xs" leftSection={<IconPlus size={14} />} onClick={add}>
          Add
        </Button>
      )}
    </fieldset>
  );
}
