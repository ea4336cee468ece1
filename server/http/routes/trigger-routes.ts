import * as contracts from '@switchyard/shared/contracts/triggers/triggers.ts';
import { listTriggerDeliveries, resendTriggerDelivery, runSchedule } from '../../services/triggers/trigger-deliveries.ts';
import * as triggers from '../../services/triggers/triggers.ts';
import { type Api, reasonIn } from '../register.ts';

/** Triggers besides webhooks, and when they fired. */
export const triggerRoutes = (api: Api): void => {
  api.register(contracts.listTriggers, ({ context, params }) => triggers.listTriggers(context, params.id));
  api.register(contracts.createTrigger, ({ context, params, body }) => triggers.createTrigger(context, params.id, body));
  api.register(contracts.updateTrigger, ({ context, params, body }) => triggers.updateTrigger(context, params.id, body));
  api.register(contracts.deleteTrigger, ({ context, params, ...given }) => triggers.deleteTrigger(context, params.id, reasonIn(given)));
  api.register(contracts.runSchedule, ({ context, params }) => runSchedule(context, params.id));
  api.register(contracts.listTriggerDeliveries, ({ context, params, query }) => listTriggerDeliveries(context, params.id, query));
  api.register(contracts.resendTriggerDelivery, ({ context, params }) => resendTriggerDelivery(context, params.id));
};
