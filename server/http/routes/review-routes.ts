import * as contracts from '@switchyard/shared/contracts/reviews.ts';
import { decideReview } from '../../services/reviews/decide-review.ts';
import { assignReview, renewReviewLink } from '../../services/reviews/review-changes.ts';
import { getReviewFile } from '../../services/reviews/review-files.ts';
import { decideReviewByLink, getReviewByLink, getReviewFileByLink } from '../../services/reviews/review-link.ts';
import { reviewStory } from '../../services/reviews/review-story.ts';
import { getReview, listReviews } from '../../services/reviews/reviews.ts';
import { type Api, FileDownload } from '../register.ts';

/** Reviews, for signed-in callers and for people with a link. */
export function reviewRoutes(api: Api): void {
  api.register(contracts.listReviews, ({ context, query }) => listReviews(context, query));
  api.register(contracts.getReview, ({ context, params }) => getReview(context, params.id));
  api.register(contracts.getReviewFile, async ({ context, params }) => new FileDownload(await getReviewFile(context, params.id, params.file)));
  api.register(contracts.getReviewStory, ({ context, params }) => reviewStory(context, params.id));
  api.register(contracts.assignReview, ({ context, params, body }) => assignReview(context, params.id, body.assignee));
  api.register(contracts.decideReview, ({ context, params, body }) => decideReview(context, params.id, body));
  api.register(contracts.renewReviewLink, ({ context, params }) => renewReviewLink(context, params.id));
  givePageToBrowsers(api);
  api.registerOpen(contracts.getReviewByLink, ({ installation, params }) => getReviewByLink(installation, params.token));
  api.registerOpen(
    contracts.getReviewFileByLink,
    async ({ installation, params }) => new FileDownload(await getReviewFileByLink(installation, params.token, params.file)),
  );
  api.registerOpen(contracts.decideReviewByLink, ({ installation, params, body }) => decideReviewByLink(installation, params.token, body));
}

/** A link opened in a browser shows the page, which then fetches the review from the same URL. */
function givePageToBrowsers({ app }: Api): void {
  app.get(contracts.getReviewByLink.path, (request, _response, next) => {
    if (request.accepts(['json', 'html']) === 'html') request.url = '/';
    next();
  });
}
