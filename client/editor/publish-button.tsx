import { Button, Popover, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { getWebhook } from '@switchyard/shared/contracts/webhooks.ts';
import { type Problem, problemSchema } from '@switchyard/shared/graph/problem.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { z } from 'zod';
import { ApiError } from '../api/api-error.ts';
import { call } from '../api/call.ts';
import { keys } from '../api/keys.ts';
import { useEditor, useEditorApi } from '../open-workflow/editor-store.ts';
import { messageOf } from '../ui/message-of.ts';
import { useLocalTexts } from '../ui/use-local-texts.ts';
import { ProblemList } from './problem-count.tsx';
import styles from './publish-button.module.css';

type Outcome = { readonly message: string; readonly problems: readonly Problem[] };

/** Publishes the draft, with an optional version note. */
export function PublishButton({ quiet }: { quiet: boolean }) {
  const [open, setOpen] = useState(false);
  const next = useEditor((state) => state.nextVersion);
  const blocked = useEditor((state) => state.saveState === 'offline' || state.saveState === 'conflict');
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" width={340} trapFocus>
      <Popover.Target>
        <Button variant={quiet || blocked ? 'default' : 'filled'} disabled={blocked} onClick={() => setOpen(!open)}>
          Publish v{next}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <PublishForm next={next} onDone={() => setOpen(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}

function PublishForm({ next, onDone }: { next: number; onDone: () => void }) {
  const editor = useEditorApi();
  const queries = useQueryClient();
  const kept = useLocalTexts(`publish:${useEditor((state) => state.workflowId)}`);
  const note = kept.texts.note ?? '';
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Outcome>();
  const publish = async () => {
    setBusy(true);
    setRefused(undefined);
    try {
      const number = await editor.getState().publish(note.trim() || undefined);
      void queries.invalidateQueries({ queryKey: keys.workflows });
      void queries.invalidateQueries({ queryKey: keys.versions(editor.getState().workflowId) });
      kept.forget();
      onDone();
      await showPublished(editor.getState().workflowId, number);
    } catch (thrown) {
      setRefused({ message: messageOf(thrown), problems: problemsIn(thrown) });
    }
    setBusy(false);
  };
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void publish();
      }}
    >
      <Textarea
        label="Version note"
        description="Optional. Shown in the version history."
        autosize
        minRows={2}
        maxRows={6}
        maxLength={2000}
        value={note}
        onChange={(event) => kept.keep({ note: event.target.value })}
        data-autofocus
      />
      {refused && (
        <div role="alert" className={styles.refused}>
          <p>{refused.message}</p>
          <ProblemList
            problems={refused.problems}
            onPick={(problem) => {
              onDone();
              editor.getState().showProblem(problem);
            }}
          />
        </div>
      )}
      <Button type="submit" variant="filled" loading={busy} fullWidth>
        Publish v{next}
      </Button>
    </form>
  );
}

function problemsIn(thrown: unknown): readonly Problem[] {
  if (!(thrown instanceof ApiError) || thrown.code !== 'graph-has-problems') return [];
  const parsed = z.array(problemSchema).safeParse(thrown.details.problems);
  return parsed.success ? parsed.data.filter((problem) => problem.severity === 'error') : [];
}

/** Confirms the live version and its URL. */
async function showPublished(workflowId: string, number: number): Promise<void> {
  const webhook = await call(getWebhook, { params: { id: workflowId } }).catch(() => undefined);
  notifications.show({
    title: `v${number} is live`,
    message: webhook ? <code className={styles.url}>{webhook.url}</code> : 'The live webhook now runs this version.',
    color: 'green',
    autoClose: 10_000,
  });
}
