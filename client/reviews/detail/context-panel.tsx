import type { Review, ReviewStory } from '@switchyard/shared/contracts/reviews.ts';
import { type FileFacts, isFileHandle } from '@switchyard/shared/files/file-handle.ts';
import type { ReviewContext } from '@switchyard/shared/run/events.ts';
import { IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { FileChip } from '../../files/file-chip.tsx';
import { type FileUrl, JsonView } from '../../run-look/json-view.tsx';
import { Markdown } from '../../ui/markdown.tsx';
import styles from './context-panel.module.css';
import { contextParts, contextWithFiles, isShare } from './context-parts.ts';
import { ReviewRounds } from './review-rounds.tsx';
import { describeWhenDue } from './urgency.ts';
import { WhatHappened } from './what-happened.tsx';

interface ContextPanelProps {
  readonly review: Review;
  readonly story: ReviewStory | undefined;
  readonly byLink: boolean;
  readonly fileUrl: FileUrl;
}

/** What a person should know before deciding. On a phone the less important half is collapsed. */
export function ContextPanel({ review, story, byLink, fileUrl }: ContextPanelProps) {
  const { quotes, texts, facts } = contextParts(contextWithFiles(review));
  const [open, setOpen] = useState(false);
  return (
    <aside className={styles.context} aria-label="Context">
      <div className={styles.known}>
        {quotes.map(({ label, text }) => (
          <Section key={label} title={label} quiet>
            <blockquote className={styles.quote} dir="auto">
              {text}
            </blockquote>
          </Section>
        ))}
        {facts.length > 0 && (
          <Section title="Context" quiet>
            <dl className={styles.facts}>
              {facts.map((fact) => (
                <Fact key={fact.label} fact={fact} runId={byLink ? undefined : review.runId} fileUrl={fileUrl} />
              ))}
            </dl>
          </Section>
        )}
        {texts.map(({ label, text }) => (
          <Section key={label} title={label}>
            <Markdown text={text} />
          </Section>
        ))}
      </div>
      <div className={styles.background}>
        <button type="button" className={styles.fold} aria-expanded={open} onClick={() => setOpen(!open)}>
          <IconChevronRight size={16} stroke={1.7} className={styles.chevron} aria-hidden />
          Reason for review and history
        </button>
        <div className={styles.more} data-open={open || undefined}>
          {review.instructions && (
            <Section title="Instructions">
              <Markdown text={review.instructions} />
            </Section>
          )}
          <Why review={review} />
          {story && <WhatHappened happened={story.happened} review={review} />}
          {story && story.rounds.length > 1 && <ReviewRounds rounds={story.rounds} review={review} byLink={byLink} />}
        </div>
      </div>
    </aside>
  );
}

function Section({ title, quiet = false, children }: { title: string; quiet?: boolean; children: ReactNode }) {
  return (
    <section className={styles.section} data-quiet={quiet || undefined}>
      <h2 className={styles.heading}>{title}</h2>
      {children}
    </section>
  );
}

interface FactProps {
  readonly fact: ReviewContext;
  readonly runId: string | undefined;
  readonly fileUrl: FileUrl;
}

function Fact({ fact, runId, fileUrl }: FactProps) {
  return (
    <>
      <dt>{fact.label}</dt>
      <dd dir="auto">
        <FactValue fact={fact} runId={runId} fileUrl={fileUrl} />
      </dd>
    </>
  );
}

function FactValue({ fact, runId, fileUrl }: FactProps) {
  const { value } = fact;
  if (value === null || value === undefined || value === '') return <span className={styles.none}>–</span>;
  if (Array.isArray(value) && value.every(isFileHandle)) return value.map((file) => <ReviewFile key={file.id} file={file} fileUrl={fileUrl} />);
  if (isFileHandle(value)) return <ReviewFile file={value} fileUrl={fileUrl} />;
  if (typeof value === 'object') return <JsonView value={value} label={fact.label} fileUrl={fileUrl} {...(runId !== undefined && { runId })} />;
  if (isShare(fact)) {
    return (
      <span className={styles.share}>
        <span className={styles.bar} aria-hidden>
          <span style={{ width: `${Number(value) * 100}%` }} />
        </span>
        <span className="tabular">{Number(value).toFixed(2)}</span>
      </span>
    );
  }
  return <>{typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value)}</>;
}

/** An image is what the reviewer came to see. */
const ReviewFile = ({ file, fileUrl }: { file: FileFacts; fileUrl: FileUrl }) => (
  <FileChip file={file} url={fileUrl(file.id)} isOpen={file.type.startsWith('image/')} />
);

function Why({ review }: { review: Review }) {
  const { why, dueAt, status } = review;
  const due = dueAt !== null && status === 'open' ? new Date(dueAt) : undefined;
  if (!why && !due) return null;
  return (
    <Section title="Reason for review">
      {why && <Markdown text={why} />}
      {due && (
        <p className={styles.due}>
          If undecided by {dueTime(due)}: {describeWhenDue(review)}.
        </p>
      )}
    </Section>
  );
}

/** “17:40” today, “Tue 24 Nov, 17:40” on another day. */
function dueTime(due: Date): string {
  const time = due.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  const isToday = due.toDateString() === new Date().toDateString();
  return isToday ? time : `${due.toLocaleDateString('en-GB', { weekday: 'short', day: 'numeric', month: 'short' })}, ${time}`;
}
