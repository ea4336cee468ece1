import { Button, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { getWebhook } from '@switchyard/shared/contracts/webhooks.ts';
import type { PublishRelease } from '@switchyard/shared/contracts/workflows.ts';
import { checkWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { type Problem, problemSchema } from '@switchyard/shared/graph/problem.ts';
import { IconRefresh, IconSnowflake } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useEffect, useMemo, useRef, useState } from 'react';
import { z } from 'zod';
import { ApiError } from '../api/api-error.ts';
import { call } from '../api/call.ts';
import { useRelease } from '../api/evaluation/release-queries.ts';
import { keys } from '../api/keys.ts';
import { usePrompts } from '../api/queries.ts';
import type { Published } from '../graph-editing/editor-state.ts';
import { useEditor, useEditorApi } from '../open-workflow/editor-store.ts';
import { messageOf } from '../ui/message-of.ts';
import { useLocalTexts } from '../ui/use-local-texts.ts';
import { useComparison } from '../versions/comparison-context.tsx';
import { useDraftChanges } from '../versions/use-draft-changes.ts';
import { versionFacts } from '../versions/version-facts.ts';
import { ProblemList } from './problem-count.tsx';
import styles from './publish-form.module.css';
import { PublishTraffic } from './publish-traffic.tsx';

type Outcome = { readonly message: string; readonly problems: readonly Problem[] };

/** Publishes the draft, with an optional note. Says what the version freezes, and what its runs look up. */
export function PublishForm() {
  const next = useEditor((state) => state.nextVersion);
  const live = useEditor((state) => state.liveVersion);
  const blocked = useEditor((state) => state.saveState === 'offline' || state.saveState === 'conflict');
  const isWatched = (useRelease(useEditor((state) => state.workflowId)).data?.canary ?? null) !== null;
  const kept = useLocalTexts(`publish:${useEditor((state) => state.workflowId)}`);
  const [chosen, setRelease] = useState<PublishRelease>();
  const release = chosen ?? (isWatched ? 'hold' : 'live');
  const { busy, refused, publish } = usePublish({ note: kept.texts.note ?? '', release }, kept.forget);
  const isUnchanged = useDraftChanges()?.changes.length === 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isUnchanged && !blocked) void publish();
  };
  return (
    <form className={styles.form} onSubmit={submit} aria-label="Publish">
      <h3 className={styles.title}>Publish v{next}</h3>
      <NoteInput value={kept.texts.note ?? ''} onChange={(note) => kept.keep({ note })} />
      <PublishTraffic value={release} onChange={setRelease} />
      <Facts />
      <TriggerWarnings />
      <ReplayLink />
      {refused && <Refusal {...refused} />}
      <div className={styles.actions}>
        <span className={styles.state} role="status">
          {isUnchanged ? `No changes since v${live}` : blocked ? 'Save the draft first' : ''}
        </span>
        <CancelButton />
        <Button type="submit" variant="filled" loading={busy} disabled={isUnchanged || blocked}>
          Publish v{next}
        </Button>
      </div>
    </form>
  );
}

function NoteInput({ value, onChange }: { value: string; onChange: (note: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const { publishRequests } = useComparison();
  useEffect(() => {
    if (publishRequests > 0) input.current?.focus({ preventScroll: true });
  }, [publishRequests]);
  return (
    <TextInput
      ref={input}
      label="Version note"
      placeholder="What changed, in one line"
      maxLength={2_000}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

/** Trying the draft on live runs first. There are none before the first version. */
function ReplayLink() {
  const id = useEditor((state) => state.workflowId);
  const live = useEditor((state) => state.liveVersion);
  if (live === null) return null;
  return (
    <Link className={styles.replay} to="/workflows/$id/replays" params={{ id }}>
      What if this had been live last week?
    </Link>
  );
}

function CancelButton() {
  const editor = useEditorApi();
  return <Button onClick={() => editor.getState().openPanel(null)}>Cancel</Button>;
}

/** What the version keeps as it is, and what each of its runs looks up. */
function Facts() {
  const graph = useEditor((state) => state.graph);
  const { data } = usePrompts();
  const { frozen, prompts, routes } = useMemo(() => versionFacts(graph, data ?? []), [graph, data]);
  return (
    <dl className={styles.facts}>
      <dt>
        <IconSnowflake size={15} stroke={1.6} aria-hidden /> Frozen
      </dt>
      <dd>{frozen.join(', ')}</dd>
      <dt>
        <IconRefresh size={15} stroke={1.6} aria-hidden /> Looked up per run
      </dt>
      <dd>
        {prompts.length + routes.length === 0 && 'Nothing: no prompt labels or model routes'}
        {prompts.map(({ name, now }) => (
          <span key={name}>
            prompt <code>{name}</code>
            {now && ` (now ${now})`}
          </span>
        ))}
        {routes.map((route) => (
          <span key={route}>
            route <code>{route}</code>
          </span>
        ))}
      </dd>
    </dl>
  );
}

/** What runs of the triggers would run into. Asked each time, because triggers change without the draft. */
function TriggerWarnings() {
  const id = useEditor((state) => state.workflowId);
  const revision = useEditor((state) => state.revision);
  const showProblem = useEditor((state) => state.showProblem);
  const { data } = useQuery({
    queryKey: keys.problems(id, revision),
    queryFn: ({ signal }) => call(checkWorkflow, { params: { id }, signal }),
    staleTime: 0,
  });
  const problems = data?.problems.filter(({ code }) => code === 'trigger-input') ?? [];
  return problems.length > 0 && <ProblemList problems={problems} onPick={showProblem} />;
}

function Refusal({ message, problems }: Outcome) {
  const showProblem = useEditor((state) => state.showProblem);
  return (
    <div role="alert" className={styles.refused}>
      <p>{message}</p>
      <ProblemList problems={problems} onPick={showProblem} />
    </div>
  );
}

function usePublish({ note, release }: { note: string; release: PublishRelease }, onDone: () => void) {
  const editor = useEditorApi();
  const queries = useQueryClient();
  const { hide } = useComparison();
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Outcome>();
  const publish = async () => {
    setBusy(true);
    setRefused(undefined);
    try {
      const { workflowId } = editor.getState();
      const published = await editor.getState().publish({ note: note.trim() || undefined, release });
      void queries.invalidateQueries({ queryKey: keys.workflows });
      void queries.invalidateQueries({ queryKey: keys.versions(workflowId) });
      void queries.invalidateQueries({ queryKey: keys.release(workflowId) });
      onDone();
      // Another panel may have been opened meanwhile.
      hide();
      await showPublished(workflowId, published, release);
    } catch (thrown) {
      setRefused({ message: messageOf(thrown), problems: problemsIn(thrown) });
    }
    setBusy(false);
  };
  return { busy, refused, publish };
}

function problemsIn(thrown: unknown): readonly Problem[] {
  if (!(thrown instanceof ApiError) || thrown.code !== 'graph-has-problems') return [];
  const parsed = z.array(problemSchema).safeParse(thrown.details.problems);
  return parsed.success ? parsed.data.filter((problem) => problem.severity === 'error') : [];
}

/** Confirms the version, and the live URL if it takes all runs. */
async function showPublished(workflowId: string, { number, live, checking }: Published, release: PublishRelease): Promise<void> {
  if (live !== number) {
    const message = checking
      ? 'It is checked at its gate, and released once it has passed.'
      : typeof release === 'number'
        ? `It takes ${release}% of live runs, and is watched.`
        : 'It takes no live runs yet.';
    notifications.show({ title: `v${number} is published`, message, color: 'green' });
    return;
  }
  const webhook = await call(getWebhook, { params: { id: workflowId } }).catch(() => undefined);
  notifications.show({
    title: `v${number} is live`,
    message: webhook ? <code className={styles.url}>{webhook.url}</code> : 'The live webhook now runs this version.',
    color: 'green',
    autoClose: 10_000,
  });
}
