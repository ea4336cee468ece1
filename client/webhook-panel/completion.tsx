import { ActionIcon, Button, Switch, Tooltip } from '@mantine/core';
import { type Completion, listCompletions, makeCompletionSecret, resendCompletion } from '@switchyard/shared/contracts/triggers/completions.ts';
import type { Webhook } from '@switchyard/shared/contracts/webhooks.ts';
import { IconSend2 } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { call } from '../api/call.ts';
import { keys } from '../api/keys.ts';
import { CopyField } from '../ui/copy-field.tsx';
import { TimeAgo } from '../ui/figures.tsx';
import { showDone, showFailure } from '../ui/toast.tsx';
import { LocalTextField } from './local-text-field.tsx';
import { useUpdateWebhook } from './use-update-webhook.ts';
import classes from './webhook-panel.module.css';

const SHOWN = 5;
const REFETCH_MS = 5_000;

/** Where the ends of runs are announced that were started in mode `accepted`, and how that went. */
export function CompletionUrl({ webhook, workflowId }: { webhook: Webhook; workflowId: string }) {
  const update = useUpdateWebhook(workflowId);
  const { completion } = webhook;
  const isUsed = completion.url !== null || completion.fromRequest;
  return (
    <div className={classes.fields}>
      <LocalTextField
        place={`webhook-completion:${workflowId}`}
        label="Completion URL"
        placeholder="https://shop.example/runs"
        description="Receives a signed POST when a run that was answered immediately ends. Retried for about two days."
        value={completion.url ?? ''}
        onSend={(text, onSaved) => update({ completion: { ...completion, url: text === '' ? null : text } }, onSaved)}
      />
      <Switch
        label="Let callers set their own URL"
        description="With the header x-callback-url. Callers then choose where the output goes."
        checked={completion.fromRequest}
        onChange={(event) => update({ completion: { ...completion, fromRequest: event.currentTarget.checked } })}
      />
      {isUsed && <Secret workflowId={workflowId} />}
      {isUsed && <Completions workflowId={workflowId} />}
    </div>
  );
}

function Secret({ workflowId }: { workflowId: string }) {
  const make = useMutation({ mutationFn: () => call(makeCompletionSecret, { params: { id: workflowId } }) });
  if (make.data) {
    return (
      <div className={classes.secret}>
        <CopyField value={make.data.secret} label="completion secret" />
        <p>Copy it now. It isn’t shown again. The previous one is no longer used.</p>
      </div>
    );
  }
  return (
    <div className={classes.buttons}>
      <Button loading={make.isPending} onClick={() => make.mutate(undefined, { onError: (thrown) => showFailure('Couldn’t create secret', thrown) })}>
        New completion secret
      </Button>
    </div>
  );
}

function Completions({ workflowId }: { workflowId: string }) {
  const { data } = useQuery({
    queryKey: keys.completions(workflowId),
    queryFn: ({ signal }) => call(listCompletions, { params: { id: workflowId }, query: { limit: SHOWN }, signal }),
    refetchInterval: REFETCH_MS,
  });
  if (!data || data.items.length === 0) return null;
  return (
    <div>
      <div className={classes.labelLine}>
        <span id="recent-completions">Recent completions</span>
      </div>
      <ul className={classes.calls} aria-labelledby="recent-completions">
        {data.items.map((completion) => (
          <OneCompletion key={completion.runId} completion={completion} workflowId={workflowId} />
        ))}
      </ul>
    </div>
  );
}

function OneCompletion({ completion, workflowId }: { completion: Completion; workflowId: string }) {
  const { runId, status, url, last, createdAt } = completion;
  const queries = useQueryClient();
  const resend = useMutation({
    mutationFn: () => call(resendCompletion, { params: { id: workflowId, runId } }),
    onSuccess: () => {
      showDone('Sent again');
      return queries.invalidateQueries({ queryKey: keys.completions(workflowId) });
    },
    onError: (thrown) => showFailure('Couldn’t send again', thrown),
  });
  return (
    <li className={classes.oneCall}>
      <span className={classes.answer} data-refused={(last !== null && last.error !== null) || undefined} data-open={last === null || undefined}>
        {last?.status ?? (last ? '—' : '…')}
      </span>
      <span className={classes.outcome} title={last?.error ?? url}>
        <Link to="/runs" search={{ workflow: workflowId, run: runId }}>
          {wordsOf(completion)}
        </Link>
      </span>
      <TimeAgo at={last?.at ?? createdAt} />
      {status !== 'waiting' && (
        <Tooltip label="Send again">
          <ActionIcon size={26} loading={resend.isPending} aria-label="Send this completion again" onClick={() => resend.mutate()}>
            <IconSend2 size={15} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      )}
    </li>
  );
}

function wordsOf({ status, url, last, attempts }: Completion): string {
  const host = URL.parse(url)?.host ?? url;
  if (status === 'waiting') return `${host}, once the run ends`;
  if (status === 'delivered') return host;
  return `${host}: ${status === 'failed' ? 'gave up' : `attempt ${attempts}`}${last?.error ? `, ${last.error}` : ''}`;
}
