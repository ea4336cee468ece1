import { Button } from '@mantine/core';
import { samplesOf } from '@switchyard/shared/graph/samples.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { IconFlask } from '@tabler/icons-react';
import { useId } from 'react';
import { JsonInput } from '../expressions/json-input.tsx';
import { readLoosely, writeLoosely } from '../expressions/json-text.ts';
import { inputErrors } from '../graph-editing/check-input.ts';
import { startNode } from '../graph-editing/samples.ts';
import { useEditor } from '../open-workflow/editor-store.ts';
import { type FieldsProps, scheduleInputOf } from './trigger-values.ts';
import styles from './triggers-panel.module.css';

/** How many samples are offered. */
const MOST_OFFERED = 3;
const SOME_TIME = new Date(0).toISOString();

/** The fixed input of each run, for example a list, and what the draft’s Input node rejects of it. */
export function ScheduleInput({ values, onChange }: FieldsProps) {
  const label = useId();
  const params = useEditor((state) => startNode(state.graph)?.data.params);
  const samples = samplesOf(params ?? {}).slice(0, MOST_OFFERED);
  const set = (value: unknown) => onChange({ input: writeLoosely(value) });
  return (
    <div>
      <div className={styles.label} id={label}>
        Fixed input
      </div>
      <JsonInput labelId={label} readOnly={false} value={readLoosely(values.input)} onChange={set} placeholder={'{ "articles": ["…", "…"] }'} minHeight={52} />
      {samples.length > 0 && (
        <div className={styles.samples}>
          {samples.map(({ name, value }) => (
            <Button key={name} size="xs" leftSection={<IconFlask size={14} stroke={1.6} aria-hidden />} onClick={() => set(value)}>
              Use sample “{name}”
            </Button>
          ))}
        </div>
      )}
      <p className={styles.note}>
        Every run gets these fields, and <code>dueAt</code> and <code>firedAt</code>.
      </p>
      <Rejection params={params} input={values.input} />
    </div>
  );
}

function Rejection({ params, input }: { params: Readonly<Record<string, unknown>> | undefined; input: string }) {
  const given = scheduleInputOf(input);
  const errors = params && given ? inputErrors(params, { ...given, dueAt: SOME_TIME, firedAt: SOME_TIME }) : [];
  if (errors.length === 0) return null;
  const said = errors.slice(0, MOST_OFFERED).map(({ path, message }) => (path === '' ? message : `“${path}” ${message}`));
  const isMissing = isPlainObject(given) && errors.some(({ path }) => path !== '' && !Object.hasOwn(given, path));
  return (
    <p className={`${styles.note} ${styles.rejected}`} role="status">
      The Input node rejects this: {said.join('; ')}. {isMissing ? 'Add it above, or make it optional there.' : 'Change it above, or the fields there.'}
    </p>
  );
}
