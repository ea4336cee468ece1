import * as contracts from '@switchyard/shared/contracts/evaluation/feedback.ts';
import { giveFeedback, listFeedback } from '../../services/feedback/feedback.ts';
import { Answer, type Api } from '../register.ts';

/** Feedback on runs. That of end users is answered in hooks/. */
export function feedbackRoutes(api: Api): void {
  api.register(contracts.sendFeedback, async ({ context, params, body }) => {
    const { feedback, replaced } = await giveFeedback(context, params.id, body);
    return new Answer(replaced ? 200 : 201, feedback);
  });
  api.register(contracts.listFeedback, ({ context, params, query }) => listFeedback(context, params.id, query));
}
