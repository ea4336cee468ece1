import { Button, Skeleton, TextInput } from '@mantine/core';
import type { HeadReceiver } from '@switchyard/shared/contracts/insight/daily-heads.ts';
import { type FormEvent, useState } from 'react';
import { ApiError } from '../api/api-error.ts';
import { useHeadReceiver, useMakeHeadSecret, useNewestHead, useSaveHeadReceiver } from '../api/insight/daily-head-queries.ts';
import { CopyField } from '../ui/copy-field.tsx';
import { TimeAgo } from '../ui/figures.tsx';
import { messageOf } from '../ui/message-of.ts';
import { showDone, showFailure } from '../ui/toast.tsx';
import styles from './daily-heads.module.css';

/** The newest daily head, and where heads are sent to. */
export function DailyHeads() {
  const receiver = useHeadReceiver();
  return (
    <div className={styles.parts}>
      <Newest isSent={receiver.data?.url != null} />
      {receiver.data ? (
        <Receiver receiver={receiver.data} />
      ) : receiver.error ? (
        <p className={styles.words}>{messageOf(receiver.error)}</p>
      ) : (
        <div role="status" aria-label="Loading the receiver of daily heads">
          <Skeleton height={34} />
        </div>
      )}
    </div>
  );
}

function Newest({ isSent }: { isSent: boolean }) {
  const { data: head, error } = useNewestHead();
  if (error) return <p className={styles.words}>{messageOf(error)}</p>;
  if (head === undefined) return null;
  if (head === null) return <p className={styles.words}>No daily head yet. The first one is made an hour after a day with runs is over (UTC).</p>;
  const { day, number, runs, hash, delivery } = head;
  return (
    <>
      <p className={styles.words}>
        Head {number}, of {day}, covers {runs === 1 ? '1 run' : `${runs.toLocaleString('en')} runs`} and the audit trail.
      </p>
      <CopyField value={hash} label="Hash of the newest daily head" />
      {isSent && (
        <p className={styles.words} role="status" data-failed={delivery?.error != null || undefined}>
          {delivery === null ? (
            'Not sent yet. It is within an hour.'
          ) : (
            <>
              {delivery.error === null ? 'Delivered' : 'Not delivered'} <TimeAgo at={delivery.at} />
              {delivery.error !== null && `: ${delivery.error} Retried once an hour, up to 20 times.`}
            </>
          )}
        </p>
      )}
    </>
  );
}

function Receiver({ receiver: { url, revision } }: { receiver: HeadReceiver }) {
  const [text, setText] = useState(url ?? '');
  const save = useSaveHeadReceiver();
  const makeSecret = useMakeHeadSecret();
  const isChanged = text.trim() !== (url ?? '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(
      { url: text.trim() === '' ? null : text.trim(), revision },
      { onSuccess: (saved) => showDone(saved.url === null ? 'Sending turned off' : 'URL saved') },
    );
  };
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <TextInput
        label="Send each head to"
        type="url"
        placeholder="https://example.com/heads"
        maxLength={2_000}
        value={text}
        error={save.error && reasonOf(save.error)}
        onChange={(event) => {
          save.reset();
          setText(event.currentTarget.value);
        }}
      />
      <div className={styles.buttons}>
        {isChanged && (
          <Button type="submit" variant="filled" loading={save.isPending}>
            Save
          </Button>
        )}
        {!isChanged && url !== null && (
          <Button
            loading={makeSecret.isPending}
            onClick={() => makeSecret.mutate(undefined, { onError: (thrown) => showFailure('Couldn’t create signing secret', thrown) })}
          >
            New signing secret
          </Button>
        )}
      </div>
      {makeSecret.data && (
        <div className={styles.secret} role="status">
          <p>Copy this secret now. You won’t see it again. From now on, messages are signed with it.</p>
          <CopyField value={makeSecret.data.secret} label="Signing secret" />
        </div>
      )}
    </form>
  );
}

const reasonOf = (error: unknown): string => (error instanceof ApiError && error.errors[0] ? error.errors[0].message : messageOf(error));
