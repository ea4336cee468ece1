import * as contracts from '@switchyard/shared/contracts/insight/alert-rules.ts';
import * as rules from '../../../services/alert-rules/alert-rules.ts';
import type { AlertParts } from '../../../services/alerts/alert-settings.ts';
import { type Api, reasonIn } from '../../register.ts';

/** Alert rules and their history. */
export const alertRuleRoutes =
  (parts: AlertParts) =>
  (api: Api): void => {
    api.register(contracts.listAlertRules, ({ context }) => rules.listAlertRules(context, parts));
    api.register(contracts.listOpenings, ({ context, query }) => rules.listOpenings(context, query));
    api.register(contracts.createAlertRule, ({ context, body }) => rules.createAlertRule(context, parts, body));
    api.register(contracts.updateAlertRule, ({ context, params, body }) => rules.updateAlertRule(context, parts, params.id, body));
    api.register(contracts.deleteAlertRule, ({ context, params, ...given }) => rules.deleteAlertRule(context, params.id, reasonIn(given)));
    api.register(contracts.testAlertRule, ({ context, params }) => rules.testAlertRule(context, parts, params.id));
    api.register(contracts.makeAlertRuleSecret, ({ context, params }) => rules.makeAlertRuleSecret(context, parts, params.id));
  };
