import { ActionIcon, Button } from '@mantine/core';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { IconPlus, IconTrash } from '@tabler/icons-react';
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

/** Named expressions: a name, and a CEL expression below it. */
export function ExpressionsControl(props: ControlProps) {
  const { problems, change } = useForm();
  const items = asList(props.value);
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
        const name = asText(part(item, 'name'));
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: named expressions have no identity other than their position
          <div key={index} className={classes.named} data-field={path.join('.')} data-row>
            <div className={classes.itemHead}>
              <TypedTextInput
                className={`${classes.mono} ${classes.wide}`}
                aria-label={`Name of field ${index + 1}`}
                placeholder="name"
                readOnly={props.readOnly}
                value={name}
                onText={(text) => change([...path, 'name'], text)}
              />
              {!props.readOnly && (
                <span className={classes.itemActions}>
                  <ActionIcon
                    size={24}
                    aria-label={`Remove ${name || `field ${index + 1}`}`}
                    onClick={() => props.set(items.filter((_, other) => other !== index))}
                  >
                    <IconTrash size={14} />
                  </ActionIcon>
                </span>
              )}
            </div>
            <ExpressionInput
              kind="cel"
              label={`Expression of ${name || `field ${index + 1}`}`}
              path={[...path, 'value']}
              value={asText(part(item, 'value'))}
              onChange={(text) => change([...path, 'value'], text)}
              minHeight={30}
              placeholder="input.message"
            />
            <FieldProblems problems={problemsWithin(problems, path)} value={part(item, 'value')} set={(text) => change([...path, 'value'], text)} />
          </div>
        );
      })}
      {!props.readOnly && (
        <Button variant="default" size="xs" leftSection={<IconPlus size={14} />} onClick={add}>
          Add field
        </Button>
      )}
    </fieldset>
  );
}
