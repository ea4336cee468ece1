import * as contracts from '@switchyard/shared/contracts/reviews.ts';
import type { Express } from 'express';
import type { ServiceContext } from '../../services/context.ts';
import { decideReview } from '../../services/decide-review.ts';
import { getReview, listReviews } from '../../services/reviews.ts';
import { register } from '../register.ts';

/** Tasks for people. */
export function reviewRoutes(context: ServiceContext): (app: Express) => void {
  return (app) => {
    register(app, contracts.listReviews, ({ query }) => listReviews(context, query));
    register(app, contracts.getReview, ({ params }) => getReview(context, params.id));
    register(app, contracts.decideReview, ({ params, body }) => decideReview(context, params.id, body));
  };
}
