import { AppError } from '@switchyard/shared/errors.ts';
import { type IncludedBudget, orderedBudget } from '@switchyard/shared/sharing/included.ts';
import { findAll } from '../../store/find-all.ts';
import { type BudgetRecord, budgets } from '../../store/money-collections.ts';
import { routes } from '../../store/route-collections.ts';
import { atOnce } from '../at-once.ts';
import type { ServiceContext } from '../context.ts';
import { canonicalJson } from '../workflows/content-hash.ts';
import { checkBudget, insertBudget } from './budgets.ts';

/*
 * The budgets of a workflow, out to a file and in from one (S53a). Only those of the workflow and its nodes: the others belong to
 * the workspace. In an import they are suggestions: what can’t be kept here is left out, with a note.
 */

const CREATED_AT_ONCE = 100;

/** The budgets of a workflow and its nodes, in an order that depends only on their content. */
export async function budgetsOf({ store }: Pick<ServiceContext, 'store'>, workflowId: string): Promise<IncludedBudget[]> {
  return (await findAll(store, budgets))
    .flatMap((budget) => includedBudget(budget, workflowId))
    .map((budget) => ({ budget, text: canonicalJson(orderedBudget(budget)) }))
    .sort((one, two) => (one.text < two.text ? -1 : 1))
    .map(({ budget }) => budget);
}

function includedBudget(record: BudgetRecord, workflowId: string): IncludedBudget[] {
  const { scope, name, period, timeZone, softMicros, onSoft, route, hardMicros, onHard, assumedPrice } = record;
  const settings = { name, period, timeZone, softMicros, onSoft, route, hardMicros, onHard, assumedPrice };
  if (scope.kind === 'workflow' && scope.id === workflowId) return [{ ...settings, scope: { kind: 'workflow' } }];
  if (scope.kind === 'node' && scope.id?.startsWith(`${workflowId}/`))
    return [{ ...settings, scope: { kind: 'node', id: scope.id.slice(workflowId.length + 1) } }];
  return [];
}

/** The budgets of a file as they can be created here. Throws `bad-request` with the path of what makes no sense. */
export async function budgetsFor(context: ServiceContext, sent: readonly IncludedBudget[]): Promise<{ budgets: IncludedBudget[]; notes: string[] }> {
  const notes: string[] = [];
  const fitted: IncludedBudget[] = [];
  for (const [index, budget] of sent.entries()) {
    const { route, ...rest } = budget;
    const isKnown = route === undefined || (await context.store.get(routes, route)) !== undefined;
    if (!isKnown) notes.push(`Route “${route}”, which a budget uses from its soft limit on, doesn’t exist here. The budget now only notifies.`);
    const fits = isKnown ? budget : { ...rest, onSoft: 'notify' as const };
    await checkBudget(context, fits).catch((thrown: unknown) => {
      if (!(thrown instanceof AppError)) throw thrown;
      throw new AppError('bad-request', `Invalid budget: budgets.${index}: ${thrown.message}. Nothing was imported.`, {
        fields: thrown.fields.map((field) => ({ ...field, path: `budgets.${index}.${field.path}` })),
      });
    });
    fitted.push(fits);
  }
  return { budgets: fitted, notes };
}

/** Creates the budgets of an imported workflow. Announces that once. */
export async function createBudgetsOf(context: ServiceContext, workflowId: string, given: readonly IncludedBudget[], reason: string): Promise<void> {
  const quiet = { ...context, changed: { ...context.changed, budgets: () => {} } };
  try {
    await atOnce(CREATED_AT_ONCE, given, ({ scope, ...budget }) => {
      const id = scope.kind === 'node' ? `${workflowId}/${scope.id}` : workflowId;
      return insertBudget(quiet, { ...budget, scope: { kind: scope.kind, id }, reason });
    });
  } finally {
    context.changed.budgets(context.workspaceId);
  }
}
