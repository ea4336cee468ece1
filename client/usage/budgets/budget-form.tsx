import { Button, NumberInput, Select, TextInput } from '@mantine/core';
import type { Budget } from '@switchyard/shared/contracts/money.ts';
import { useCreateBudget, useUpdateBudget } from '../../api/budget-queries.ts';
import { useRoutes } from '../../api/queries.ts';
import { SendError } from '../../frame/send-error.tsx';
import { ownTimeZone } from '../../frame/time-zone-select.tsx';
import { useLocalTexts } from '../../ui/use-local-texts.ts';
import strip from '../parts/strip.module.css';
import { TokenPrice } from '../parts/token-price.tsx';
import { type BudgetValues, budgetProblem, changedBudget, hardAction, newBudget, valuesOf } from './budget-values.ts';
import { ScopeFields } from './scope-fields.tsx';

/** Creates a budget. */
export function NewBudget({ onClose }: { onClose: () => void }) {
  const create = useCreateBudget();
  const save = (values: BudgetValues, done: () => void) => create.mutate(newBudget(values), { onSuccess: done });
  return <BudgetForm title="New budget" action="Create budget" busy={create.isPending} error={create.error} onSave={save} onClose={onClose} />;
}

/** Changes the limits of a budget. Its scope and period stay. */
export function EditBudget({ budget, title, onClose }: { budget: Budget; title: string; onClose: () => void }) {
  const update = useUpdateBudget(budget);
  const save = (values: BudgetValues, done: () => void) => update.mutate(changedBudget(values), { onSuccess: done });
  return (
    <BudgetForm
      budget={budget}
      title={`Edit budget ${title}`}
      action="Save budget"
      busy={update.isPending}
      error={update.error}
      onSave={save}
      onClose={onClose}
    />
  );
}

interface FormProps {
  readonly budget?: Budget;
  readonly title: string;
  readonly action: string;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onSave: (values: BudgetValues, done: () => void) => void;
  readonly onClose: () => void;
}

function BudgetForm({ budget, title, action, busy, error, onSave, onClose }: FormProps) {
  const { values, change, forget } = useBudgetTexts(budget);
  const problem = budgetProblem(values);
  const leave = () => {
    forget();
    onClose();
  };
  return (
    <form
      className={strip.strip}
      aria-label={title}
      onSubmit={(event) => {
        event.preventDefault();
        if (!problem) onSave(values, leave);
      }}
    >
      <div className={strip.fields}>
        {!budget && <ScopeFields values={values} onChange={change} />}
        <TextInput label="Name (optional)" value={values.name} maxLength={200} onChange={(event) => change({ name: event.currentTarget.value })} />
      </div>
      <div className={strip.pair}>
        <SoftLimit values={values} onChange={change} />
        <HardLimit values={values} onChange={change} />
      </div>
      {values.hard !== '' && (
        <p className={strip.text}>
          Assumed prices, per million tokens, are for models without a price. Without them, a hard limit rejects calls to such models.
        </p>
      )}
      <div className={strip.line}>
        <TextInput
          label="Reason (optional)"
          value={values.reason}
          maxLength={1_000}
          className={strip.reason}
          onChange={(event) => change({ reason: event.currentTarget.value })}
        />
        <span className={strip.problem}>{problem}</span>
        <div className={strip.buttons}>
          <Button onClick={leave}>Cancel</Button>
          <Button variant="filled" type="submit" loading={busy} disabled={problem !== undefined}>
            {action}
          </Button>
        </div>
      </div>
      <SendError error={error} />
    </form>
  );
}

/** The budget with the edits so far, kept through a reload. */
function useBudgetTexts(budget: Budget | undefined) {
  const { texts, keep, forget } = useLocalTexts(`budget:${budget?.id ?? 'new'}`);
  const first = valuesOf(budget, ownTimeZone());
  const values: BudgetValues = { ...first, ...texts };
  return { values, change: (changes: Partial<BudgetValues>) => keep(changes as Record<string, string>), forget };
}

interface LimitProps {
  readonly values: BudgetValues;
  readonly onChange: (changes: Partial<BudgetValues>) => void;
}

function SoftLimit({ values, onChange }: LimitProps) {
  const { data: routes = [] } = useRoutes();
  return (
    <fieldset className={strip.group}>
      <legend className="visually-hidden">Soft limit</legend>
      <Amount label="Soft limit" value={values.soft} onChange={(soft) => onChange({ soft })} />
      {values.soft !== '' && (
        <Select
          label="At the soft limit"
          data={[
            { value: 'notify', label: 'Notify on this page' },
            { value: 'route', label: 'Use a cheaper route' },
          ]}
          value={values.onSoft}
          onChange={(onSoft) => onChange({ onSoft: onSoft ?? 'notify' })}
        />
      )}
      {values.soft !== '' && values.onSoft === 'route' && (
        <Select
          label="Cheaper route"
          searchable
          placeholder="Choose"
          data={routes.map(({ name }) => name)}
          value={values.route || null}
          onChange={(route) => onChange({ route: route ?? '' })}
        />
      )}
    </fieldset>
  );
}

function HardLimit({ values, onChange }: LimitProps) {
  const perRun = values.period === 'run' || values.kind === 'run';
  return (
    <fieldset className={strip.group}>
      <legend className="visually-hidden">Hard limit</legend>
      <Amount label="Hard limit" value={values.hard} onChange={(hard) => onChange({ hard })} />
      {values.hard !== '' && (
        <>
          <Select
            label="At the hard limit"
            data={[
              { value: 'stop', label: 'Stop: calls fail' },
              ...(perRun ? [] : [{ value: 'wait', label: 'Wait until the period ends' }]),
              { value: 'ask', label: 'Ask: a person decides' },
            ]}
            value={hardAction(values.onHard, perRun ? 'run' : values.period)}
            onChange={(onHard) => onChange({ onHard: onHard ?? 'stop' })}
          />
          <TokenPrice label="Assumed input price" value={values.assumedInput} onChange={(assumedInput) => onChange({ assumedInput })} />
          <TokenPrice label="Assumed output price" value={values.assumedOutput} onChange={(assumedOutput) => onChange({ assumedOutput })} />
        </>
      )}
    </fieldset>
  );
}

function Amount({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  return (
    <NumberInput
      label={label}
      prefix="$"
      placeholder="No limit"
      rightSection="USD"
      rightSectionWidth={48}
      min={0}
      max={1e9}
      decimalScale={6}
      allowNegative={false}
      value={value}
      onChange={(next) => onChange(String(next))}
    />
  );
}
