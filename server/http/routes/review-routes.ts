import * as contracts from '@switchyard/shared/contracts/reviews.ts';
import type { Express } from 'express';
import type { ServiceContext } from '../../services/context.ts';
import { decideReview } from '../../services/reviews/decide-review.ts';
import { assignReview, renewReviewLink } from '../../services/reviews/review-changes.ts';
import { listCorrections } from '../../services/reviews/review-corrections.ts';
import { decideReviewByLink, getReviewByLink } from '../../services/reviews/review-link.ts';
import { reviewStory } from '../../services/reviews/review-story.ts';
import { getReview, listReviews } from '../../services/reviews/reviews.ts';
import { register } from '../register.ts';

/** Tasks for people, for those who are let in and for those who have a link. */
export function reviewRoutes(context: ServiceContext): (app: Express) => void {
  return (app) => {
    register(app, contracts.listReviews, ({ query }) => listReviews(context, query));
    register(app, contracts.getReview, ({ params }) => getReview(context, params.id));
    register(app, contracts.getReviewStory, ({ params }) => reviewStory(context, params.id));
    register(app, contracts.assignReview, ({ params, body }) => assignReview(context, params.id, body.assignee));
    register(app, contracts.decideReview, ({ params, body }) => decideReview(context, params.id, body));
    register(app, contracts.renewReviewLink, ({ params }) => renewReviewLink(context, params.id));
    register(app, contracts.listCorrections, ({ query }) => listCorrections(context, query));
    givePageToBrowsers(app);
    register(app, contracts.getReviewByLink, ({ params }) => getReviewByLink(context, params.token));
    register(app, contracts.decideReviewByLink, ({ params, body }) => decideReviewByLink(context, params.token, body));
  };
}

/** A link that is opened in a browser shows the page, which then asks for the task at the same address. */
function givePageToBrowsers(app: Express): void {
  app.get(contracts.getReviewByLink.path, (request, _response, next) => {
    if (request.accepts(['json', 'html']) === 'html') request.url = '/';
    next();
  });
}
