import { ActionIcon, Menu } from '@mantine/core';
import type { Budget, PeriodUsage } from '@switchyard/shared/contracts/money.ts';
import { moneyLabel } from '@switchyard/shared/money-label.ts';
import { type Icon, IconArrowDownRight, IconCircleCheck, IconClock, IconDots, IconHandStop, IconPencil, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useBudgetUsage, useDeleteBudget } from '../../api/budget-queries.ts';
import { callWords } from '../../ui/format.ts';
import { messageOf } from '../../ui/message-of.ts';
import { DeleteStrip } from '../parts/delete-strip.tsx';
import { EditBudget } from './budget-form.tsx';
import {
  type BudgetState,
  budgetState,
  budgetSubtitle,
  budgetTitle,
  ruleOf,
  settledText,
  shownPeriod,
  shownSubject,
  type WorkflowNames,
} from './budget-labels.ts';
import { BudgetMeter } from './budget-meter.tsx';
import styles from './budgets.module.css';

/** One budget: scope, spending against its limits, rule, and state. It is edited and deleted below its row. */
export function BudgetRow({ budget, names }: { budget: Budget; names: WorkflowNames }) {
  const [open, setOpen] = useState<'edit' | 'delete'>();
  const { data: usage, error } = useBudgetUsage(budget.id);
  const remove = useDeleteBudget();
  const title = budgetTitle(budget, names);
  const shown = usage && shownPeriod(budget, usage);
  const close = () => setOpen(undefined);
  return (
    <li aria-label={title}>
      <div className={styles.row}>
        <div className={styles.what}>
          <h3 className={styles.title} dir="auto">
            {title}
          </h3>
          <p className={styles.about}>{budgetSubtitle(budget, names)}</p>
        </div>
        <BudgetMeter budget={budget} shown={shown} />
        <Amount shown={shown} subject={shownSubject(budget, shown, usage ?? [], names)} />
        <RuleText budget={budget} />
        {usage ? (
          <StateTag state={budgetState(budget, shown)} />
        ) : (
          <span className={styles.tag}>{error ? `Couldn’t load spending: ${messageOf(error)}` : 'Loading spending…'}</span>
        )}
        <Menu>
          <Menu.Target>
            <ActionIcon className={styles.more} aria-label={`More actions for budget ${title}`}>
              <IconDots size={18} stroke={1.7} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconPencil size={16} stroke={1.6} />} onClick={() => setOpen('edit')}>
              Edit budget
            </Menu.Item>
            <Menu.Item color="red" leftSection={<IconTrash size={16} stroke={1.6} />} onClick={() => setOpen('delete')}>
              Delete budget
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      {open === 'edit' && <EditBudget budget={budget} title={title} onClose={close} />}
      {open === 'delete' && (
        <DeleteStrip
          text="This budget will no longer limit calls. You can undo this, and its spending is kept."
          action="Delete budget"
          busy={remove.isPending}
          error={remove.error}
          onDelete={(reason) => remove.mutate({ id: budget.id, reason })}
          onCancel={close}
        />
      )}
    </li>
  );
}

function Amount({ shown, subject }: { shown: PeriodUsage | undefined; subject: string | undefined }) {
  if (!shown) return <p className={styles.amount}>–</p>;
  const { reservedMicros, unknownPrice } = shown;
  return (
    <p className={styles.amount}>
      <b>{settledText(shown)}</b>
      {reservedMicros > 0 && <span title="Reserved for calls in progress"> + {moneyLabel(reservedMicros)}</span>}
      {subject && <span className={styles.of}>{subject}</span>}
      {unknownPrice > 0 && <span className={styles.of}>{callWords(unknownPrice)} of unknown price</span>}
    </p>
  );
}

function RuleText({ budget }: { budget: Budget }) {
  const { soft, hard } = ruleOf(budget);
  return (
    <p className={styles.rule}>
      {soft?.route === undefined ? soft && `Notify from ${soft.from}. ` : <SoftRoute from={soft.from} route={soft.route} />}
      {hard ? `${hard.action} at ${hard.at}.` : 'No hard limit.'}
    </p>
  );
}

function SoftRoute({ from, route }: { from: string; route: string }) {
  return (
    <>
      From {from}, use route <b>{route}</b>.{' '}
    </>
  );
}

const ICONS: Readonly<Record<BudgetState['tone'], Icon>> = { idle: IconClock, good: IconCircleCheck, soft: IconArrowDownRight, hard: IconHandStop };

function StateTag({ state: { tone, label } }: { state: BudgetState }) {
  const TagIcon = ICONS[tone];
  return (
    <span className={styles.tag} data-tone={tone}>
      <TagIcon size={15} stroke={1.7} aria-hidden />
      {label}
    </span>
  );
}
