import { Switch, TagsInput, Textarea } from '@mantine/core';
import type { Review } from '@switchyard/shared/contracts/reviews.ts';
import { CAUSES } from '@switchyard/shared/evaluation/choices.ts';
import { IconCheck } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { countChanges, textChanges } from '../../text-changes/text-changes.ts';
import { differs } from '../decision/corrections.ts';
import { type Answer, currentValue, isNothing, keepAnswer, useAnswer, withUnread, withValue } from '../decision/local-answers.ts';
import type { ReviewDecision } from '../decision/use-decision.ts';
import { DifferentCase } from './different-case.tsx';
import { DraftField } from './draft-field.tsx';
import styles from './review-form.module.css';

interface ReviewFormProps {
  readonly review: Review;
  readonly decision: ReviewDecision;
  readonly byLink: boolean;
}

/** Common reasons for changing a draft, and causes, which count as the cause of the correction (S85). Free text is possible too. */
const REASONS = [
  { group: 'Reason', items: ['Tone', 'Missing facts', 'Incorrect facts', 'Too long', 'Policy'] },
  { group: 'Cause', items: CAUSES.map((cause) => cause.charAt(0).toUpperCase() + cause.slice(1)) },
];

/** The editable draft, and why it was changed. A decided review shows the decision, or this person’s unsent edits. */
export function ReviewForm({ review, decision, byLink }: ReviewFormProps) {
  const typed = useAnswer(review.id);
  const open = review.status === 'open';
  // A review about a budget has no draft: its field is the new limit.
  const aboutBudget = review.budgetId !== undefined;
  // A decided review opens on its changes, an open one on its fields.
  const [showChanges, setShowChanges] = useState(!open && !hasInput(typed));
  const answer = open || hasInput(typed) ? typed : decidedAnswer(review);
  const change = (next: Answer) => keepAnswer(review.id, next);
  const canCompare = open ? review.fields.some(isText) : review.fields.some((field) => differs(field, currentValue(answer, field)));
  return (
    <>
      {canCompare && (
        <div className={styles.toggle}>
          <Switch label="Show changes" checked={showChanges} onChange={(event) => setShowChanges(event.currentTarget.checked)} />
        </div>
      )}
      <div className={styles.fields}>
        {review.fields.map((field) => (
          <DraftField
            key={field.name}
            field={field}
            value={currentValue(answer, field)}
            error={errorOf(decision, `values.${field.name}`)}
            showChanges={showChanges}
            readOnly={!open}
            unread={answer.unread?.[field.name]}
            onChange={(value) => change(withValue(typed, field, value))}
            onUnread={(text) => change(withUnread(typed, field, text))}
          />
        ))}
        {open && review.fields.length > 0 && !aboutBudget && <LocalAnswerNote review={review} answer={answer} />}
        {open && review.fields.length > 0 && !aboutBudget && (
          <TagsInput
            className={styles.reasons}
            label={
              <>
                Why did you change the draft? <span className={styles.hint}>optional</span>
              </>
            }
            data={REASONS}
            maxTags={50}
            value={[...answer.reasons]}
            onChange={(reasons) => change({ ...typed, reasons })}
          />
        )}
        {(open || hasInput(typed)) && (
          <Comment
            hint={aboutBudget ? 'optional, recorded as the reason in the audit trail' : 'optional, available to later nodes and the next round'}
            value={answer.comment}
            wanted={decision.wantsComment}
            readOnly={!open}
            onChange={(comment) => change({ ...typed, comment })}
          />
        )}
        {open && !byLink && !aboutBudget && <DifferentCase review={review} />}
      </div>
      {byLink && open && <p className={styles.link}>You opened a review link. Nothing is decided until you choose.</p>}
    </>
  );
}

const isText = ({ kind }: Review['fields'][number]): boolean => kind === 'long-text' || kind === 'text';
const hasInput = (answer: Answer): boolean => !isNothing(answer);
const decidedAnswer = ({ decision }: Review): Answer => ({ values: decision?.values ?? {}, comment: '', reasons: [] });
const errorOf = ({ errors }: ReviewDecision, path: string): string | undefined => errors.find((error) => error.path === path)?.message;

function LocalAnswerNote({ review, answer }: { review: Review; answer: Answer }) {
  const changes = review.fields
    .filter((field) => Object.hasOwn(answer.values, field.name))
    .map((field) => (isText(field) ? countChanges(textChanges(String(field.value ?? ''), String(currentValue(answer, field) ?? ''))) : 1))
    .reduce((sum, count) => sum + count, 0);
  return (
    <p className={styles.kept} role="status">
      <IconCheck size={14} stroke={1.8} aria-hidden />
      Saved as you type. {changes === 0 ? 'No changes to the draft.' : `${changes} ${changes === 1 ? 'change' : 'changes'} to the draft.`}
    </p>
  );
}

interface CommentProps {
  readonly hint: string;
  readonly value: string;
  readonly wanted: boolean;
  readonly readOnly: boolean;
  readonly onChange: (text: string) => void;
}

function Comment({ hint, value, wanted, readOnly, onChange }: CommentProps) {
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (wanted) box.current?.focus();
  }, [wanted]);
  return (
    <Textarea
      ref={box}
      className={styles.comment}
      label={
        <>
          Comment <span className={styles.hint}>{hint}</span>
        </>
      }
      autosize
      minRows={1}
      maxRows={8}
      maxLength={10_000}
      readOnly={readOnly}
      value={value}
      error={wanted ? 'Add a comment, or press again to send back without one.' : undefined}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
