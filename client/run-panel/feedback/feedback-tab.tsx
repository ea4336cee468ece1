import { Button, Textarea } from '@mantine/core';
import type { Feedback } from '@switchyard/shared/contracts/evaluation/feedback.ts';
import { IconThumbDown, IconThumbUp } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useFeedback, useGiveFeedback } from '../../api/evaluation/feedback-queries.ts';
import { ErrorState } from '../../frame/error-state.tsx';
import { versionLabel } from '../../run-look/run-labels.ts';
import { TimeAgo } from '../../ui/figures.tsx';
import { showDone, showFailure } from '../../ui/toast.tsx';
import classes from './feedback-tab.module.css';

/** What people said about the outcome of a run, and a form to say it. */
export function FeedbackTab({ runId }: { runId: string }) {
  const { data, error, refetch } = useFeedback(runId);
  return (
    <div className={classes.tab}>
      <div className={classes.given}>
        {error && !data ? <ErrorState title="Couldn’t load feedback" error={error} retry={() => void refetch()} /> : <Given entries={data} />}
      </div>
      <FeedbackForm runId={runId} />
    </div>
  );
}

/** How much feedback there is, on the tab. */
export function FeedbackCount({ runId, className }: { runId: string; className: string | undefined }) {
  const { data } = useFeedback(runId);
  return data && data.length > 0 ? <span className={className}>{data.length}</span> : null;
}

function Given({ entries }: { entries: readonly Feedback[] | undefined }) {
  if (!entries) return <p className={classes.quiet}>Loading feedback…</p>;
  if (entries.length === 0)
    return (
      <p className={classes.quiet}>
        No feedback yet. Your app sends it with POST /api/runs/:id/feedback, end users with the run’s status token or in the chat.
      </p>
    );
  return (
    <ul className={classes.list}>
      {entries.map((entry) => (
        <li key={entry.id} className={classes.entry}>
          <Score score={entry.score} />
          <div className={classes.said}>
            <p className={classes.first}>
              {entry.label && <span className={classes.label}>{entry.label}</span>}
              {entry.comment && <span dir="auto">{entry.comment}</span>}
            </p>
            <p className={classes.quiet}>
              {entry.by ?? (entry.via === 'link' ? 'End user' : 'No name')} · <TimeAgo at={entry.updatedAt} /> · credited to {versionLabel(entry.version)}
              {entry.targets.length > 0 && ` and ${entry.targets.join(', ')}`}
            </p>
          </div>
        </li>
      ))}
    </ul>
  );
}

const GOOD = 2 / 3;
const BAD = 1 / 3;

/** The score as a figure. Its color repeats what the figure says. */
function Score({ score }: { score: number | null }) {
  if (score === null) return <span className={classes.score}>–</span>;
  return (
    <span className={classes.score} data-good={score > GOOD || undefined} data-bad={score < BAD || undefined} title="Score from 0 to 1">
      {score.toLocaleString('en', { maximumFractionDigits: 2 })}
    </span>
  );
}

/** Under your own name, so it replaces what you said before. */
function FeedbackForm({ runId }: { runId: string }) {
  const give = useGiveFeedback(runId);
  const [score, setScore] = useState<number>();
  const [comment, setComment] = useState('');
  const said = comment.trim();
  const send = (event: FormEvent) => {
    event.preventDefault();
    give.mutate(
      { ...(score !== undefined && { score }), ...(said !== '' && { comment: said }) },
      {
        onSuccess: () => {
          setComment('');
          setScore(undefined);
          showDone('Feedback saved');
        },
        onError: (error) => showFailure('Couldn’t save feedback', error),
      },
    );
  };
  return (
    <form className={classes.form} onSubmit={send} aria-label="Give feedback">
      <div className={classes.thumbs}>
        {[
          { value: 1, label: 'Good outcome', Icon: IconThumbUp },
          { value: 0, label: 'Bad outcome', Icon: IconThumbDown },
        ].map(({ value, label, Icon }) => (
          <Button
            key={value}
            size="xs"
            variant={score === value ? 'light' : 'default'}
            aria-pressed={score === value}
            leftSection={<Icon size={15} stroke={1.7} />}
            onClick={() => setScore(score === value ? undefined : value)}
          >
            {label}
          </Button>
        ))}
      </div>
      <Textarea
        aria-label="Comment"
        placeholder="What came of it?"
        autosize
        minRows={1}
        maxRows={5}
        maxLength={5_000}
        value={comment}
        onChange={(event) => setComment(event.currentTarget.value)}
      />
      <Button type="submit" size="xs" className={classes.send} loading={give.isPending} disabled={score === undefined && said === ''}>
        Save feedback
      </Button>
    </form>
  );
}
