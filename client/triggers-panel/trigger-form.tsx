import { Button } from '@mantine/core';
import type { ConfiguredKind, Trigger } from '@switchyard/shared/contracts/triggers/triggers.ts';
import type { ReactNode } from 'react';
import { ApiError } from '../api/api-error.ts';
import { SendError } from '../frame/send-error.tsx';
import { ownTimeZone } from '../frame/time-zone-select.tsx';
import { useEditor } from '../open-workflow/editor-store.ts';
import { showDone } from '../ui/toast.tsx';
import { useLocalTexts } from '../ui/use-local-texts.ts';
import { FormPreview } from './form-preview.tsx';
import { ChatFields, FormFields } from './hosted-fields.tsx';
import { EndedFields, ErrorFields } from './other-fields.tsx';
import { QueueFields } from './queue-fields.tsx';
import { RecentEvents } from './recent-events.tsx';
import { ScheduleFields } from './schedule-fields.tsx';
import { KINDS } from './trigger-labels.ts';
import { EmbedCode, NextTimes, PageUrl, RunNow } from './trigger-proof.tsx';
import { type NewTrigger, useCreateTrigger, useUpdateTrigger } from './trigger-queries.ts';
import { type TriggerValues, triggerBody, triggerProblem, valuesOf } from './trigger-values.ts';
import styles from './triggers-panel.module.css';

const FIELDS = { schedule: ScheduleFields, form: FormFields, chat: ChatFields, queue: QueueFields, 'workflow-ended': EndedFields, error: ErrorFields } as const;

/** Creates a trigger. `onCreated` shows it. */
export function NewTriggerForm({ kind, onCreated, onCancel }: { kind: ConfiguredKind; onCreated: (id: string) => void; onCancel: () => void }) {
  const workflowId = useEditor((state) => state.workflowId);
  const create = useCreateTrigger(workflowId);
  const texts = useTriggerTexts(`new:${workflowId}:${kind}`, kind);
  const leave = () => {
    texts.forget();
    onCancel();
  };
  const save = (body: NewTrigger) =>
    create.mutate(body, {
      onSuccess: ({ id }) => {
        texts.forget();
        onCreated(id);
      },
    });
  return (
    <div className={styles.open}>
      <h3 className={styles.newTitle}>New {KINDS[kind].title.toLowerCase()} trigger</h3>
      <SettingsForm kind={kind} texts={texts} label="New trigger" action="Add trigger" busy={create.isPending} error={create.error} onSave={save}>
        <Button onClick={leave}>Cancel</Button>
      </SettingsForm>
    </div>
  );
}

/** The settings of a trigger, and what they lead to. `children` are further buttons. */
export function EditTrigger({ trigger, children }: { trigger: Trigger; children: ReactNode }) {
  const update = useUpdateTrigger(trigger);
  const texts = useTriggerTexts(trigger.id, trigger);
  const save = ({ kind: _, ...body }: NewTrigger, revision = texts.revision) =>
    update.mutate(
      { ...body, revision },
      {
        onSuccess: () => {
          texts.forget();
          showDone('Trigger saved');
        },
      },
    );
  const isConflict = update.error instanceof ApiError && update.error.code === 'revision-conflict';
  const takeTheirs = () => {
    texts.forget();
    update.reset();
  };
  return (
    <div className={styles.open}>
      <div className={styles.columns}>
        <div className={styles.fields}>
          {trigger.url !== null && <PageUrl url={trigger.url} kind={trigger.kind} />}
          {isConflict && (
            <div className={styles.conflict} role="alert">
              <p>This trigger was changed elsewhere while you edited it.</p>
              <div className={styles.buttons}>
                <Button onClick={takeTheirs}>Use their version</Button>
                <Button onClick={() => save(triggerBody(trigger.kind, texts.values), trigger.revision)}>Save mine</Button>
              </div>
            </div>
          )}
          <SettingsForm
            kind={trigger.kind}
            texts={texts}
            label="Settings"
            action="Save trigger"
            isSaved={!texts.isChanged}
            busy={update.isPending}
            error={isConflict ? null : update.error}
            onSave={save}
          >
            {texts.isChanged && !isConflict && <Button onClick={texts.forget}>Discard changes</Button>}
            {trigger.kind === 'schedule' && <RunNow trigger={trigger} isChanged={texts.isChanged} />}
            {children}
          </SettingsForm>
          {trigger.kind === 'chat' && <EmbedCode trigger={trigger} />}
          <RecentEvents trigger={trigger} />
        </div>
        {trigger.kind === 'schedule' && <NextTimes trigger={trigger} isChanged={texts.isChanged} />}
        {trigger.kind === 'form' && <FormPreview values={texts.values} />}
      </div>
    </div>
  );
}

interface TriggerTexts {
  readonly values: TriggerValues;
  readonly isChanged: boolean;
  /** The revision that is edited. */
  readonly revision: number | undefined;
  readonly change: (changes: Partial<TriggerValues>) => void;
  readonly forget: () => void;
}

/** The settings with the edits so far, kept through a reload. */
function useTriggerTexts(place: string, trigger: Trigger | ConfiguredKind): TriggerTexts {
  const { texts, keep, forget } = useLocalTexts(`trigger:${place}`);
  const name = useEditor((state) => state.name);
  const saved = valuesOf(trigger, ownTimeZone(), name);
  const { revision: _, ...edits } = texts;
  const values: TriggerValues = { ...saved, ...edits };
  const isChanged = JSON.stringify(values) !== JSON.stringify(saved);
  const current = typeof trigger === 'string' ? undefined : trigger.revision;
  const revision = texts.revision === undefined ? current : Number(texts.revision);
  const base = revision === undefined ? {} : { revision: String(revision) };
  return { values, isChanged, revision, change: (changes) => keep({ ...base, ...(changes as Record<string, string>) }), forget };
}

interface SettingsProps {
  readonly kind: ConfiguredKind;
  readonly texts: TriggerTexts;
  readonly label: string;
  readonly action: string;
  readonly isSaved?: boolean;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onSave: (body: NewTrigger) => void;
  readonly children: ReactNode;
}

function SettingsForm({ kind, texts: { values, change }, label, action, isSaved = false, busy, error, onSave, children }: SettingsProps) {
  const Fields = FIELDS[kind];
  const problem = triggerProblem(kind, values);
  return (
    <form
      className={styles.fields}
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        if (!problem && !isSaved) onSave(triggerBody(kind, values));
      }}
    >
      <Fields values={values} onChange={change} />
      <SendError error={error} />
      {problem && <p className={styles.problem}>{problem}</p>}
      <div className={styles.buttons}>
        <Button type="submit" variant="filled" loading={busy} disabled={problem !== undefined || isSaved}>
          {action}
        </Button>
        {children}
      </div>
    </form>
  );
}
