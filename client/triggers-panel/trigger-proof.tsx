import { Button } from '@mantine/core';
import type { ConfiguredKind, Trigger } from '@switchyard/shared/contracts/triggers/triggers.ts';
import { IconExternalLink, IconPlayerPlay } from '@tabler/icons-react';
import { useEditor } from '../open-workflow/editor-store.ts';
import { useSlowNow } from '../ui/clock.ts';
import { CopyField } from '../ui/copy-field.tsx';
import { formatDuration } from '../ui/format.ts';
import { showDone, showFailure } from '../ui/toast.tsx';
import { KINDS } from './trigger-labels.ts';
import { useRunSchedule } from './trigger-queries.ts';
import styles from './triggers-panel.module.css';

const MINUTE_MS = 60_000;

/** The next due times in the time zone of the schedule. `isChanged`: its fields have unsaved changes. */
export function NextTimes({ trigger, isChanged }: { trigger: Extract<Trigger, { kind: 'schedule' }>; isChanged: boolean }) {
  const { next, enabled, settings } = trigger;
  return (
    <div className={styles.proof}>
      <h3 className={styles.label}>Next five runs</h3>
      {isChanged && <p className={styles.note}>Save to update them.</p>}
      {!enabled && <p className={styles.note}>Starts nothing while it is off.</p>}
      <ol className={styles.times} aria-label="Next five runs">
        {next.map((at) => (
          <NextTime key={at} at={at} timeZone={settings.timeZone} />
        ))}
      </ol>
      {next.length === 0 && <p className={styles.note}>Never due again.</p>}
    </div>
  );
}

function NextTime({ at, timeZone }: { at: string; timeZone: string }) {
  const now = useSlowNow();
  const moment = new Date(at);
  // Whole minutes: seconds would change all the time.
  const minutes = Math.ceil((moment.getTime() - now) / MINUTE_MS);
  return (
    <li>
      <time dateTime={at}>
        <span>{moment.toLocaleDateString('en-GB', { timeZone, weekday: 'short', day: 'numeric', month: 'short' })}</span>
        <b>{moment.toLocaleTimeString('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' })}</b>
      </time>
      <span className={styles.until}>{minutes > 0 ? `in ${formatDuration(minutes * MINUTE_MS)}` : 'now'}</span>
    </li>
  );
}

/** Starts a run as if the schedule were due. Its outcome is listed below the settings. */
export function RunNow({ trigger, isChanged }: { trigger: Trigger; isChanged: boolean }) {
  const run = useRunSchedule(trigger);
  const isPublished = useEditor((state) => state.liveVersion !== null);
  const why = !isPublished ? 'Publish this workflow first' : isChanged ? 'Save the trigger first' : undefined;
  return (
    <Button
      leftSection={<IconPlayerPlay size={15} stroke={1.6} aria-hidden />}
      loading={run.isPending}
      disabled={why !== undefined}
      title={why}
      onClick={() => run.mutate(undefined, { onSuccess: () => showDone('Run started'), onError: (thrown) => showFailure('Couldn’t start run', thrown) })}
    >
      Run now
    </Button>
  );
}

/** Where the page of a form or chat is, to copy and to open. */
export function PageUrl({ url, kind }: { url: string; kind: ConfiguredKind }) {
  return (
    <div>
      <div className={styles.label}>URL</div>
      <div className={styles.url}>
        <CopyField value={url} label={`${KINDS[kind].title} URL`} />
        <Button component="a" href={url} target="_blank" rel="noreferrer" leftSection={<IconExternalLink size={15} aria-hidden />}>
          Open {KINDS[kind].title.toLowerCase()}
        </Button>
      </div>
    </div>
  );
}

/** The line of HTML that adds a chat to the pages that may embed it. */
export function EmbedCode({ trigger }: { trigger: Extract<Trigger, { kind: 'chat' }> }) {
  const { url, settings } = trigger;
  if (settings.frameAncestors.length === 0) return <p className={styles.note}>To add a chat button to your site, list its origin above.</p>;
  return (
    <div>
      <div className={styles.label}>Chat button for your site</div>
      <CopyField value={`<script src="${url}/embed.js" async></script>`} label="Embed code" />
    </div>
  );
}
