import * as contracts from '@switchyard/shared/contracts/controls/queue.ts';
import { getQueue } from '../../services/queue/get-queue.ts';
import { getQueueSettings, putQueueSettings } from '../../services/queue/queue-settings.ts';
import type { Api } from '../register.ts';

/** The queue, and the limits of workflows. */
export const queueRoutes = (api: Api): void => {
  api.register(contracts.getQueue, ({ context }) => getQueue(context));
  api.register(contracts.getQueueSettings, ({ context, params }) => getQueueSettings(context, params.id));
  api.register(contracts.putQueueSettings, ({ context, params, body }) => putQueueSettings(context, params.id, body));
};
