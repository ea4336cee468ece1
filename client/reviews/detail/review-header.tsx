import { ActionIcon, Button, Menu, Popover, TextInput } from '@mantine/core';
import { assignReview, type Review, renewReviewLink } from '@switchyard/shared/contracts/reviews.ts';
import { IconChevronLeft, IconDots, IconLink, IconRefresh, IconSitemap, IconUserPlus } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { call } from '../../api/call.ts';
import { reviewKey } from '../../live/review-queries.ts';
import { shortId, versionLabel } from '../../run-look/run-labels.ts';
import { ButtonLink } from '../../ui/button-link.tsx';
import { showDone, showFailure } from '../../ui/toast.tsx';
import { useLocalTexts } from '../../ui/use-local-texts.ts';
import { DueChip } from './due-chip.tsx';
import styles from './review-header.module.css';

interface ReviewHeaderProps {
  readonly review: Review;
  readonly place?: string | undefined;
  readonly byLink?: boolean;
  readonly onBack?: () => void;
}

/** The review’s origin, title, due time, and actions. */
export function ReviewHeader({ review, place, byLink = false, onBack }: ReviewHeaderProps) {
  const { workflowName, version, runId } = review;
  return (
    <header className={styles.head}>
      {onBack && (
        <ActionIcon className={styles.back} aria-label="Back to list" onClick={onBack}>
          <IconChevronLeft size={20} stroke={1.8} />
        </ActionIcon>
      )}
      <div className={styles.what}>
        <p className={styles.about}>
          {workflowName}
          <span className={styles.wide}>
            {' '}
            · {versionLabel(version)} · run {shortId(runId)}
          </span>
          {place && <span className={styles.narrow}> · {place}</span>}
        </p>
        <h1 className={styles.title} title={review.title} dir="auto">
          {review.title}
        </h1>
      </div>
      <div className={styles.actions}>
        <DueChip review={review} />
        {!byLink && review.status === 'open' && <Assign review={review} />}
        {!byLink && (
          <ButtonLink className={styles.canvas} variant="subtle" to="/runs/$id" params={{ id: runId }} leftSection={<IconSitemap size={16} stroke={1.6} />}>
            View on canvas
          </ButtonLink>
        )}
        {!byLink && review.status === 'open' && review.link !== null && <LinkMenu review={review} link={review.link} />}
      </div>
    </header>
  );
}

function Assign({ review }: { review: Review }) {
  const [open, setOpen] = useState(false);
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" width={280} trapFocus returnFocus>
      <Popover.Target>
        <Button
          className={styles.assign}
          variant="subtle"
          leftSection={<IconUserPlus size={16} stroke={1.6} />}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {review.assignee ?? 'Assign'}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>{open && <AssignForm key={review.id} review={review} onDone={() => setOpen(false)} />}</Popover.Dropdown>
    </Popover>
  );
}

function AssignForm({ review, onDone }: { review: Review; onDone: () => void }) {
  const client = useQueryClient();
  const { texts, keep, forget } = useLocalTexts(`assign:${review.id}`);
  const name = texts.name ?? review.assignee ?? '';
  const save = (event: FormEvent) => {
    event.preventDefault();
    call(assignReview, { params: { id: review.id }, body: { assignee: name.trim() || null } }).then(
      (changed) => {
        client.setQueryData(reviewKey(review.id), changed);
        forget();
        onDone();
        showDone(changed.assignee ? `Assigned to ${changed.assignee}` : 'Assignee removed');
      },
      (error) => showFailure('Couldn’t assign review', error),
    );
  };
  return (
    <form className={styles.form} onSubmit={save}>
      <TextInput
        label="Assignee"
        description="A person or team. Leave empty for everyone."
        maxLength={200}
        value={name}
        onChange={(event) => keep({ name: event.currentTarget.value })}
        data-autofocus
      />
      <Button type="submit" variant="filled">
        Assign
      </Button>
    </form>
  );
}

function LinkMenu({ review, link }: { review: Review; link: string }) {
  const client = useQueryClient();
  const copy = (text: string, said: string) =>
    navigator.clipboard.writeText(text).then(
      () => showDone(said),
      (error) => showFailure('Couldn’t copy link', error),
    );
  const renew = () =>
    call(renewReviewLink, { params: { id: review.id } }).then(
      (changed) => {
        client.setQueryData(reviewKey(review.id), changed);
        void copy(changed.link ?? '', 'New link copied. The previous one no longer works.');
      },
      (error) => showFailure('Couldn’t replace review link', error),
    );
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon className={styles.more} aria-label="More actions">
          <IconDots size={18} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconLink size={16} stroke={1.6} />}
          onClick={() => void copy(link, 'Link copied. Anyone with it can decide, without signing in.')}
        >
          Copy review link
        </Menu.Item>
        <Menu.Item leftSection={<IconRefresh size={16} stroke={1.6} />} onClick={() => void renew()}>
          Replace review link
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
