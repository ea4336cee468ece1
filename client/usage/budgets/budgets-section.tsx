import { Button, Skeleton } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useBudgets } from '../../api/budget-queries.ts';
import { useWorkflows } from '../../api/queries.ts';
import { ErrorState } from '../../frame/error-state.tsx';
import { NewBudget } from './budget-form.tsx';
import { BudgetRow } from './budget-row.tsx';
import styles from './budgets.module.css';

/** The budgets as rows, with the meaning of their bars. */
export function BudgetsSection() {
  const [isCreating, setCreating] = useState(false);
  const { data: budgets, error, refetch } = useBudgets();
  return (
    <section id="budgets" className={styles.section} aria-labelledby="budgets-title">
      <div className={styles.head}>
        <h2 id="budgets-title" className={styles.heading}>
          Budgets
        </h2>
        {budgets && budgets.length > 0 && <Legend />}
        <Button
          className={styles.create}
          size="xs"
          leftSection={<IconPlus size={14} stroke={1.8} />}
          aria-expanded={isCreating}
          onClick={() => setCreating(true)}
        >
          New budget
        </Button>
      </div>
      <div className={styles.list}>
        {isCreating && <NewBudget onClose={() => setCreating(false)} />}
        {error && !budgets ? (
          <ErrorState title="Couldn’t load budgets" error={error} retry={() => void refetch()} />
        ) : budgets === undefined ? (
          <div className={styles.loading} role="status" aria-label="Loading budgets">
            <Skeleton height={14} width="40%" />
          </div>
        ) : budgets.length === 0 ? (
          !isCreating && <NoBudgets />
        ) : (
          <Rows budgets={budgets} />
        )}
      </div>
    </section>
  );
}

function Rows({ budgets }: { budgets: readonly Parameters<typeof BudgetRow>[0]['budget'][] }) {
  const { data: workflows = [] } = useWorkflows();
  const names = new Map(workflows.map(({ id, name }) => [id, name]));
  return (
    <ul className={styles.rows} aria-label="Budgets">
      {budgets.map((budget) => (
        <BudgetRow key={budget.id} budget={budget} names={names} />
      ))}
    </ul>
  );
}

function NoBudgets() {
  return (
    <p className={styles.empty}>
      A budget limits what a workspace, workflow, node, route, tenant, or run may spend per day, month, or run. From its soft limit on, calls can take a cheaper
      route. At its hard limit, they stop, wait, or ask a person.
    </p>
  );
}

function Legend() {
  return (
    <ul className={styles.legend} aria-label="Legend">
      <li>
        <i className={styles.settled} /> settled
      </li>
      <li>
        <i className={styles.reserved} /> reserved for calls in progress
      </li>
      <li>
        <i className={styles.soft} /> soft
      </li>
      <li>
        <i className={styles.hard} /> hard
      </li>
    </ul>
  );
}
