import { decideReviewByLink, getReviewFileByLink } from '@switchyard/shared/contracts/reviews.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { ApiError } from '../api/api-error.ts';
import { call, urlOf } from '../api/call.ts';
import { ErrorState } from '../frame/error-state.tsx';
import { PageLoading } from '../frame/page-loading.tsx';
import { linkKey, useReviewByLink } from '../live/review-queries.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { ReviewHeader } from './detail/review-header.tsx';
import { ReviewView } from './detail/review-view.tsx';

/** One review, opened from a link: no list, no sign-in. Opening it decides nothing. */
export function LinkPage() {
  const { token } = useParams({ from: '/r/$token' });
  const client = useQueryClient();
  const { data, error, refetch } = useReviewByLink(token);
  if (!data) {
    if (error instanceof ApiError && error.code === 'not-found') return <EmptyState heading="h1" title="Invalid review link" text={error.detail} />;
    return error ? <ErrorState heading="h1" title="Couldn’t load review" error={error} retry={() => void refetch()} /> : <PageLoading />;
  }
  return (
    <ReviewView
      review={data.review}
      story={data.story}
      byLink
      fileUrl={(file) => urlOf(getReviewFileByLink, { token, file })}
      header={<ReviewHeader review={data.review} byLink />}
      decide={async (body) => {
        const review = await call(decideReviewByLink, { params: { token }, body });
        client.setQueryData(linkKey(token), { ...data, review });
      }}
      refresh={() => client.invalidateQueries({ queryKey: linkKey(token) })}
    />
  );
}
