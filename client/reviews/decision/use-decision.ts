import type { Review } from '@switchyard/shared/contracts/reviews.ts';
import type { FieldError } from '@switchyard/shared/errors.ts';
import { useEffect, useRef, useState } from 'react';
import { ApiError } from '../../api/api-error.ts';
import { showDone, showFailure } from '../../ui/toast.tsx';
import { decisionRow } from './decision-look.ts';
import { forgetAnswer, useAnswer } from './local-answers.ts';
import { useReviewer } from './reviewer.ts';

export interface DecisionBody {
  readonly decision: string;
  readonly values: Record<string, unknown>;
  readonly comment: string;
  readonly reasons: string[];
  readonly reviewer?: string;
}

/** Deciding a review: what is in progress, and what is wrong with the input. */
export interface ReviewDecision {
  readonly send: (decision: string) => void;
  /** The decision being sent. */
  readonly sending: string | undefined;
  readonly errors: readonly FieldError[];
  /** *Send back* was chosen without a comment. */
  readonly wantsComment: boolean;
}

interface Deciding {
  readonly review: Review;
  /** Decisions that lead back to an earlier node. */
  readonly backward: readonly string[];
  readonly decide: (body: DecisionBody) => Promise<void>;
  readonly refresh: () => unknown;
}

export function useDecision({ review, backward, decide, refresh }: Deciding): ReviewDecision {
  const answer = useAnswer(review.id);
  const { name } = useReviewer();
  const [sending, setSending] = useState<string>();
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  const [asked, setAsked] = useState<string>();
  const wantsComment = asked !== undefined && answer.comment.trim() === '';

  const send = (decision: string): void => {
    if (sending !== undefined || review.status !== 'open') return;
    // Asks only once. Pressing again sends without a comment.
    if (backward.includes(decision) && answer.comment.trim() === '' && asked !== decision) {
      setAsked(decision);
      return;
    }
    setSending(decision);
    setErrors([]);
    const values = { ...answer.values };
    decide({ decision, values, comment: answer.comment.trim(), reasons: [...answer.reasons], ...(name.trim() && { reviewer: name.trim() }) })
      .then(
        () => {
          forgetAnswer(review.id);
          showDone(`“${review.decisions.find(({ id }) => id === decision)?.title ?? 'Decision'}” recorded. The run continues.`);
        },
        (error: unknown) => {
          setErrors(error instanceof ApiError ? error.errors : []);
          if (error instanceof ApiError && (error.code === 'already-decided' || error.code === 'run-ended')) void refresh();
          else if (!(error instanceof ApiError && error.errors.length > 0)) showFailure('Couldn’t save decision', error);
        },
      )
      .finally(() => setSending(undefined));
  };

  useDecideKey(() => {
    const { main } = decisionRow(review.decisions);
    if (main) send(main.id);
  });
  return { send, sending, errors, wantsComment };
}

/** ⌘↵ decides, wherever the cursor is. */
function useDecideKey(decide: () => void): void {
  const latest = useRef(decide);
  useEffect(() => {
    latest.current = decide;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey) || event.repeat || document.querySelector('[role="dialog"]')) return;
      event.preventDefault();
      latest.current();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}
