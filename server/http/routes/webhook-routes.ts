import * as contracts from '@switchyard/shared/contracts/webhooks.ts';
import type { Express } from 'express';
import type { Secrets } from '../../secrets/secrets.ts';
import { type DeliveryParts, listDeliveries, resendDelivery } from '../../services/webhooks/list-deliveries.ts';
import { getWebhook, makeWebhookSecret, rotateWebhook, updateWebhook } from '../../services/webhooks/webhook-settings.ts';
import { register } from '../register.ts';

const LISTEN_MS = 60_000;

/** Addresses and settings of webhooks; the calls themselves are answered in hooks/. */
export function webhookRoutes(parts: DeliveryParts, secrets: Secrets): (app: Express) => void {
  const { context, capture } = parts;
  return (app) => {
    register(app, contracts.getWebhook, ({ params }) => getWebhook(context, params.id));
    register(app, contracts.updateWebhook, ({ params, body }) => updateWebhook(context, secrets, params.id, body));
    register(app, contracts.makeWebhookSecret, ({ params, body }) => makeWebhookSecret(context, secrets, params.id, body ?? {}));
    register(app, contracts.listDeliveries, ({ params, query }) => listDeliveries(parts, params.id, query));
    register(app, contracts.resendDelivery, ({ params }) => resendDelivery(parts, params.id, params.deliveryId));
    register(app, contracts.rotateWebhook, ({ params, body }) => rotateWebhook(context, params.id, body?.which));
    register(app, contracts.listenWebhook, async ({ params, body, signal }) => {
      await getWebhook(context, params.id);
      const call = await capture.listen(params.id, body?.timeoutMs ?? LISTEN_MS, signal);
      return { call: call && { ...call, headers: { ...call.headers }, query: { ...call.query }, errors: call.errors && [...call.errors] } };
    });
  };
}
