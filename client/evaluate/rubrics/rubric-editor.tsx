import { Button, NumberInput, Select, Textarea, TextInput } from '@mantine/core';
import { MOST_RUBRIC } from '@switchyard/shared/contracts/evaluation/graders.ts';
import type { Rubric } from '@switchyard/shared/contracts/evaluation/rubrics.ts';
import { useState } from 'react';
import { useCreateRubric, useDeleteRubric, useUpdateRubric } from '../../api/evaluation/rubric-queries.ts';
import { useRoutes } from '../../api/queries.ts';
import { SendError } from '../../frame/send-error.tsx';
import { ConfirmButton } from '../../ui/confirm/confirm-button.tsx';
import { showDone, showFailure } from '../../ui/toast.tsx';
import styles from './rubrics.module.css';
import { TryRubric } from './try-rubric.tsx';

interface EditorProps {
  /** Undefined: a new one. */
  readonly rubric: Rubric | undefined;
  readonly onSaved: (id: string) => void;
  readonly onDeleted: () => void;
}

const PASS_SCORE = 0.7;

/** Writes a rubric, and tries what is written on judged outputs. */
export function RubricEditor({ rubric, onSaved, onDeleted }: EditorProps) {
  const create = useCreateRubric();
  const update = useUpdateRubric(rubric?.id ?? '');
  const routes = useRoutes();
  const [name, setName] = useState(rubric?.name ?? '');
  const [text, setText] = useState(rubric?.text ?? '');
  const [chosen, setRoute] = useState(rubric?.route);
  const [passScore, setPassScore] = useState<number | string>(rubric?.passScore ?? PASS_SCORE);
  const names = (routes.data ?? []).map((one) => one.name);
  const route = chosen ?? (names.includes('careful') ? 'careful' : names[0]) ?? '';
  const draft = { name: name.trim(), text: text.trim(), route, passScore: Number(passScore) };
  const isComplete = draft.name !== '' && draft.text !== '' && route !== '' && passScore !== '';
  const isChanged = !rubric || (['name', 'text', 'route', 'passScore'] as const).some((part) => draft[part] !== rubric[part]);
  const save = () => {
    if (!rubric) return create.mutate(draft, { onSuccess: ({ id }) => onSaved(id) });
    update.mutate({ ...draft, revision: rubric.revision }, { onSuccess: () => showDone('Rubric saved') });
  };
  return (
    <div className={styles.editor}>
      <form
        className={styles.form}
        aria-label={rubric ? `Rubric ${rubric.name}` : 'New rubric'}
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <TextInput label="Name" placeholder="Facts and tone" value={name} maxLength={100} onChange={(event) => setName(event.currentTarget.value)} />
        <Textarea
          label="Rubric"
          description="What a good output does and must not do. The judge sees the input, expected value, and output."
          placeholder="The reply answers every question, states no fact that is missing from the input, and promises no money."
          value={text}
          maxLength={MOST_RUBRIC}
          autosize
          minRows={5}
          maxRows={16}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <div className={styles.two}>
          <Select
            label="Judged by route"
            data={names}
            value={route === '' ? null : route}
            allowDeselect={false}
            onChange={(value) => setRoute(value ?? undefined)}
          />
          <NumberInput label="Passing score" min={0} max={1} step={0.05} decimalScale={2} value={passScore} onChange={setPassScore} />
        </div>
        <SendError error={create.error ?? update.error} />
        <div className={styles.buttons}>
          <div className={styles.apart}>{rubric && <DeleteRubric rubric={rubric} onDeleted={onDeleted} />}</div>
          <Button type="submit" variant="filled" disabled={!isComplete || !isChanged} loading={create.isPending || update.isPending}>
            {rubric ? 'Save rubric' : 'Create rubric'}
          </Button>
        </div>
      </form>
      <TryRubric draft={draft} isComplete={draft.text !== '' && route !== '' && passScore !== ''} />
    </div>
  );
}

function DeleteRubric({ rubric: { id, name }, onDeleted }: { rubric: Rubric; onDeleted: () => void }) {
  const remove = useDeleteRubric(id);
  return (
    <ConfirmButton
      label={`Delete rubric ${name}`}
      question="Deletes the rubric. Experiments keep the text they ran with."
      busy={remove.isPending}
      onConfirm={() => remove.mutate(undefined, { onSuccess: onDeleted, onError: (error) => showFailure('Couldn’t delete rubric', error) })}
    >
      Delete
    </ConfirmButton>
  );
}
