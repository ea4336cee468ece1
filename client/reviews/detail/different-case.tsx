import { Autocomplete, Button } from '@mantine/core';
import type { Review } from '@switchyard/shared/contracts/reviews.ts';
import { IconArrowFork, IconCheck } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useMarkDifferent, useOpenExceptions } from '../../api/evaluation/exception-queries.ts';
import { showFailure } from '../../ui/toast.tsx';
import { useLocalTexts } from '../../ui/use-local-texts.ts';
import { useReviewer } from '../decision/reviewer.ts';
import styles from './different-case.module.css';

/** For a case that the workflow wasn’t made for: a reason, which is counted and becomes a sample. It decides nothing. */
export function DifferentCase({ review }: { review: Review }) {
  const [open, setOpen] = useState(false);
  const mark = useMarkDifferent(review.id);
  if (mark.data && !open) {
    const { path, sample } = mark.data;
    return (
      <p className={styles.noted} role="status">
        <IconCheck size={14} stroke={1.8} aria-hidden />
        <span>
          Noted as “{path.reason}”{path.count > 1 && `, ${path.count} such cases`}. {sample !== null && 'Its input is a sample of the draft now. '}You still
          decide this review.
        </span>
      </p>
    );
  }
  if (!open)
    return (
      <Button className={styles.open} variant="subtle" size="xs" leftSection={<IconArrowFork size={15} stroke={1.7} />} onClick={() => setOpen(true)}>
        This case is different
      </Button>
    );
  return <ReasonForm review={review} mark={mark} onClose={() => setOpen(false)} />;
}

interface FormProps {
  readonly review: Review;
  readonly mark: ReturnType<typeof useMarkDifferent>;
  readonly onClose: () => void;
}

function ReasonForm({ review, mark, onClose }: FormProps) {
  const known = useOpenExceptions(review.workflowId);
  const { name } = useReviewer();
  const { texts, keep, forget } = useLocalTexts(`different:${review.id}`);
  const reason = texts.reason ?? '';
  const send = (event: FormEvent) => {
    event.preventDefault();
    mark.mutate(
      { reason: reason.trim(), ...(name.trim() && { reviewer: name.trim() }) },
      {
        onSuccess: () => {
          forget();
          onClose();
        },
        onError: (error) => showFailure('Couldn’t note the case', error),
      },
    );
  };
  return (
    <form className={styles.form} onSubmit={send} aria-label="This case is different">
      <Autocomplete
        label="What is different about this case?"
        description="Cases with the same reason are counted together, and the input becomes a sample of the draft. You still decide this review."
        placeholder="Delivered to a neighbor"
        maxLength={200}
        autoFocus
        data={[...new Set((known.data ?? []).map((path) => path.reason))]}
        value={reason}
        onChange={(text) => keep({ reason: text })}
        onKeyDown={(event) => event.key === 'Escape' && onClose()}
      />
      <div className={styles.buttons}>
        <Button type="submit" size="xs" variant="filled" loading={mark.isPending} disabled={reason.trim() === ''}>
          Note case
        </Button>
        <Button size="xs" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
