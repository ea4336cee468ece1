import { ActionIcon, Button, Select, Textarea, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useRoutes } from '../../../api/queries.ts';
import { type GraderDraft, graderOf, KINDS, newGrader } from './grader-draft.ts';
import styles from './new-experiment.module.css';

interface Props {
  readonly graders: readonly GraderDraft[];
  readonly onChange: (graders: readonly GraderDraft[]) => void;
}

const KIND_OPTIONS = Object.entries(KINDS).map(([value, { label }]) => ({ value, label }));
const isKind = (value: string | null): value is GraderDraft['kind'] => value !== null && value in KINDS;
const MOST = 20;

/** What grades each output. */
export function GraderFields({ graders, onChange }: Props) {
  const change = (id: string, changes: Partial<GraderDraft>) => onChange(graders.map((grader) => (grader.id === id ? { ...grader, ...changes } : grader)));
  return (
    <fieldset className={styles.graders}>
      <legend className={styles.legend}>Graders</legend>
      {graders.map((grader, index) => (
        <GraderField
          key={grader.id}
          grader={grader}
          number={index + 1}
          onChange={(changes) => change(grader.id, changes)}
          onRemove={graders.length > 1 ? () => onChange(graders.filter(({ id }) => id !== grader.id)) : undefined}
        />
      ))}
      <div>
        <Button size="xs" leftSection={<IconPlus size={14} />} disabled={graders.length >= MOST} onClick={() => onChange([...graders, newGrader('contains')])}>
          Add grader
        </Button>
      </div>
    </fieldset>
  );
}

interface FieldProps {
  readonly grader: GraderDraft;
  readonly number: number;
  readonly onChange: (changes: Partial<GraderDraft>) => void;
  readonly onRemove: (() => void) | undefined;
}

function GraderField({ grader, number, onChange, onRemove }: FieldProps) {
  const form = KINDS[grader.kind];
  const routes = useRoutes();
  return (
    <div className={styles.grader}>
      <div className={styles.row}>
        <Select
          aria-label={`Kind of grader ${number}`}
          data={KIND_OPTIONS}
          value={grader.kind}
          allowDeselect={false}
          onChange={(kind) => isKind(kind) && onChange({ kind, text: '', rest: {} })}
        />
        <TextInput
          aria-label={`Name of grader ${number}`}
          placeholder="Name in results"
          value={grader.name}
          maxLength={80}
          onChange={(event) => onChange({ name: event.currentTarget.value })}
        />
        {form.hasPath && (
          <TextInput
            aria-label={`Part of the output for grader ${number}`}
            placeholder="Entire output, or for example reply.text"
            value={grader.path}
            maxLength={300}
            onChange={(event) => onChange({ path: event.currentTarget.value })}
          />
        )}
        {onRemove && (
          <ActionIcon aria-label={`Remove grader ${number}`} variant="subtle" onClick={onRemove}>
            <IconX size={14} />
          </ActionIcon>
        )}
      </div>
      <p className={styles.help}>{form.help}</p>
      {form.text !== undefined && (
        <Textarea
          label={form.text}
          value={grader.text}
          autosize
          minRows={grader.kind === 'model' || grader.kind === 'code' ? 3 : 1}
          maxRows={10}
          error={grader.text !== '' && !graderOf(grader) ? `Check the ${form.text.toLowerCase()}` : undefined}
          onChange={(event) => onChange({ text: event.currentTarget.value })}
        />
      )}
      {grader.kind === 'model' && (
        <Select
          label="Route of the judge"
          data={(routes.data ?? []).map(({ name }) => name)}
          value={grader.route}
          allowDeselect={false}
          onChange={(route) => route && onChange({ route })}
        />
      )}
    </div>
  );
}
