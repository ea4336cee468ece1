import { Button } from '@mantine/core';
import { decideReview, getReviewFile } from '@switchyard/shared/contracts/reviews.ts';
import { useQueryClient } from '@tanstack/react-query';
import { ApiError } from '../../api/api-error.ts';
import { call, urlOf } from '../../api/call.ts';
import { ErrorState } from '../../frame/error-state.tsx';
import { PartLoading } from '../../frame/page-loading.tsx';
import { reviewKey, useReview, useReviewStory } from '../../live/review-queries.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { messageOf } from '../../ui/message-of.ts';
import { ReviewHeader } from '../detail/review-header.tsx';
import { ReviewView } from '../detail/review-view.tsx';

interface InboxReviewProps {
  readonly id: string;
  /** “2 of 3” */
  readonly place: string | undefined;
  /** The review to continue with. */
  readonly next: string | undefined;
  /** Opens a review, or keeps this one on the page after it leaves the list. */
  readonly onOpen: (id: string) => void;
  readonly onBack: () => void;
}

/** A review opened beside the list. */
export function InboxReview({ id, place, next, onOpen, onBack }: InboxReviewProps) {
  const client = useQueryClient();
  const { data: review, error, refetch } = useReview(id);
  const { data: story } = useReviewStory(id);
  if (!review) {
    if (isGone(error)) return <ReviewNotFound text={messageOf(error)} onBack={onBack} />;
    if (error) return <ErrorState heading="h1" title="Couldn’t load review" error={error} retry={() => void refetch()} />;
    return <PartLoading />;
  }
  return (
    <ReviewView
      review={review}
      story={story}
      next={next}
      fileUrl={(file) => urlOf(getReviewFile, { id, file })}
      header={<ReviewHeader review={review} place={place} onBack={onBack} />}
      decide={async (body) => {
        onOpen(id);
        client.setQueryData(reviewKey(id), await call(decideReview, { params: { id }, body }));
        if (next !== undefined) onOpen(next);
      }}
      refresh={() => client.invalidateQueries({ queryKey: reviewKey(id) })}
    />
  );
}

/** A phone hides the list and the rail while a review is open, so it needs a back button. */
const ReviewNotFound = ({ text, onBack }: { text: string; onBack: () => void }) => (
  <EmptyState heading="h1" title="Review not found" text={text} action={<Button onClick={onBack}>Back to list</Button>} />
);

const isGone = (error: unknown): boolean => error instanceof ApiError && error.code === 'not-found';
