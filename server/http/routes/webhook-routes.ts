import * as completions from '@switchyard/shared/contracts/triggers/completions.ts';
import * as contracts from '@switchyard/shared/contracts/webhooks.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import { makeCompletionSecret } from '../../services/webhooks/completions/completion-secret.ts';
import { listCompletions, resendCompletion } from '../../services/webhooks/completions/completions.ts';
import { type DeliveryParts, listDeliveries, resendDelivery } from '../../services/webhooks/list-deliveries.ts';
import { getWebhook, makeWebhookSecret, rotateWebhook, updateWebhook } from '../../services/webhooks/webhook-settings.ts';
import type { Api } from '../register.ts';

const LISTEN_MS = 60_000;

/** URLs and settings of webhooks. The requests themselves are answered in hooks/. */
export const webhookRoutes =
  (parts: DeliveryParts, secrets: Secrets) =>
  (api: Api): void => {
    api.register(contracts.getWebhook, ({ context, params }) => getWebhook(context, params.id));
    api.register(contracts.updateWebhook, ({ context, params, body }) => updateWebhook(context, secrets, params.id, body));
    api.register(contracts.makeWebhookSecret, ({ context, params, body }) => makeWebhookSecret(context, secrets, params.id, body ?? {}));
    api.register(contracts.listDeliveries, ({ context, params, query }) => listDeliveries(context, parts, params.id, query));
    api.register(contracts.resendDelivery, ({ context, params }) => resendDelivery(context, parts, params.id, params.deliveryId));
    api.register(completions.listCompletions, ({ context, params, query }) => listCompletions(context, params.id, query));
    api.register(completions.resendCompletion, ({ context, params }) => resendCompletion(context, params.id, params.runId));
    api.register(completions.makeCompletionSecret, ({ context, params }) => makeCompletionSecret(context, secrets, params.id));
    api.register(contracts.rotateWebhook, ({ context, params, body }) => rotateWebhook(context, params.id, body?.which));
    api.register(contracts.listenWebhook, async ({ context, params, body, signal }) => {
      await getWebhook(context, params.id);
      const call = await parts.capture.listen(params.id, body?.timeoutMs ?? LISTEN_MS, signal);
      return { call: call && { ...call, headers: { ...call.headers }, query: { ...call.query }, errors: call.errors && [...call.errors] } };
    });
  };
