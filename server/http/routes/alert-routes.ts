import * as contracts from '@switchyard/shared/contracts/alerts.ts';
import { type AlertParts, getAlert, makeAlertSecret, putAlert, testAlert } from '../../services/alerts/alert-settings.ts';
import type { Api } from '../register.ts';

/** Who is notified when runs of a workflow fail. */
export const alertRoutes =
  (parts: AlertParts) =>
  (api: Api): void => {
    api.register(contracts.getAlert, ({ context, params }) => getAlert(context, parts, params.id));
    api.register(contracts.putAlert, ({ context, params, body }) => putAlert(context, parts, params.id, body));
    api.register(contracts.testAlert, ({ context, params }) => testAlert(context, parts, params.id));
    api.register(contracts.makeAlertSecret, ({ context, params }) => makeAlertSecret(context, parts, params.id));
  };
