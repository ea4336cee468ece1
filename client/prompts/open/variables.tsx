import { Button } from '@mantine/core';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { declaredVariables, undeclaredMessage } from '@switchyard/shared/model/declared-variables.ts';
import { IconPlus } from '@tabler/icons-react';
import { usedVariables } from '../../expressions/text/template-variables.ts';
import { SchemaEditor } from '../../form/controls/schema-editor.tsx';
import type { DraftContent } from '../draft/prompt-draft.ts';
import styles from './side-panel.module.css';

interface Props {
  readonly content: DraftContent;
  readonly change: ((update: (content: DraftContent) => DraftContent) => void) | undefined;
  readonly labelId: string;
}

/** The schema of the variables, and the names that the messages use without declaring them. */
export function Variables({ content, change, labelId }: Props) {
  const texts = [content, ...content.variants].flatMap(({ messages }) => messages.map((message) => message.content));
  const declared = declaredVariables(content.variables);
  const missing = usedVariables(texts).filter((name) => undeclaredMessage(name, declared) !== undefined);
  return (
    <>
      <SchemaEditor
        value={content.variables}
        set={(variables) => change?.((now) => ({ ...now, variables: variables ?? {} }))}
        label="Variables"
        labelId={labelId}
        readOnly={!change}
        fieldName="variable"
      />
      {change && isPlainObject(content.variables) && missing.length > 0 && (
        <div className={styles.missing}>
          <span>Used in the messages, but not declared:</span>
          {missing.map((name) => (
            <Button
              key={name}
              size="xs"
              leftSection={<IconPlus size={14} />}
              aria-label={`Declare variable ${name}`}
              onClick={() => change((now) => ({ ...now, variables: withVariable(now.variables, name) }))}
            >
              {name}
            </Button>
          ))}
        </div>
      )}
    </>
  );
}

/** The schema with one more variable, a required text. */
function withVariable(schema: unknown, name: string): unknown {
  const known = isPlainObject(schema) ? schema : {};
  const properties = isPlainObject(known.properties) ? known.properties : {};
  const required: unknown[] = Array.isArray(known.required) ? known.required : [];
  return { ...known, type: 'object', properties: { ...properties, [name]: { type: 'string' } }, required: [...required, name] };
}
