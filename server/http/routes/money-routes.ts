import * as contracts from '@switchyard/shared/contracts/money.ts';
import * as budgets from '../../services/money/budgets.ts';
import { deletePrice, listPrices, setPrice } from '../../services/money/prices.ts';
import { getUsage, usageCsv } from '../../services/money/usage.ts';
import { type Api, FileReply, reasonIn } from '../register.ts';

/** Prices, budgets, and usage. */
export const moneyRoutes = (api: Api): void => {
  api.register(contracts.listPrices, async ({ context }) => ({ items: await listPrices(context) }));
  api.register(contracts.setPrice, ({ context, params, body }) => setPrice(context, params.model, body));
  api.register(contracts.deletePrice, ({ context, params, query: { reason, ...which }, body }) =>
    deletePrice(context, { ...params, ...which }, body?.reason ?? reason),
  );
  api.register(contracts.listBudgets, ({ context, query }) => budgets.listBudgets(context, query));
  api.register(contracts.createBudget, ({ context, body }) => budgets.createBudget(context, body));
  api.register(contracts.updateBudget, ({ context, params, body }) => budgets.updateBudget(context, params.id, body));
  api.register(contracts.deleteBudget, ({ context, params, ...given }) => budgets.deleteBudget(context, params.id, reasonIn(given)));
  api.register(contracts.undeleteBudget, ({ context, params }) => budgets.undeleteBudget(context, params.id));
  api.register(contracts.getBudgetUsage, async ({ context, params }) => ({ items: await budgets.budgetUsage(context, params.id) }));
  api.register(contracts.getUsage, async ({ context, query: { format, ...query }, request }) => {
    const usage = await getUsage(context, query);
    return (format ?? request.accepts(['json', 'csv'])) === 'csv' ? new FileReply('usage.csv', usageCsv(usage.items), 'text/csv; charset=utf-8') : usage;
  });
};
