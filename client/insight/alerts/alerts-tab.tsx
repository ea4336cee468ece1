import { Button } from '@mantine/core';
import type { AlertRule } from '@switchyard/shared/contracts/insight/alert-rules.ts';
import { observationWords, windowWords } from '@switchyard/shared/insight/metrics.ts';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useAlertRules } from '../../api/insight/alert-rule-queries.ts';
import { useWorkflows } from '../../api/queries.ts';
import { ErrorState } from '../../frame/error-state.tsx';
import { PageLoading } from '../../frame/page-loading.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { TimeAgo } from '../../ui/figures.tsx';
import styles from './alerts.module.css';
import { History } from './history.tsx';
import { RuleActions } from './rule-actions.tsx';
import { RuleForm } from './rule-form.tsx';
import { ruleCondition, STATE_WORDS, scopeWords } from './rule-words.ts';

/** Alert rules with their state, and what they have reported. */
export function AlertsTab({ workflowId }: { workflowId: string | undefined }) {
  const { data, error, refetch } = useAlertRules();
  const { data: workflows = [] } = useWorkflows();
  const [edited, setEdited] = useState<AlertRule | 'new'>();
  if (error) return <ErrorState title="Couldn’t load alert rules" error={error} retry={() => void refetch()} />;
  if (!data) return <PageLoading />;
  const nameOf = (id: string) => workflows.find((workflow) => workflow.id === id)?.name;
  const create = (
    <Button variant="filled" leftSection={<IconPlus size={16} stroke={1.7} />} onClick={() => setEdited('new')}>
      New rule
    </Button>
  );
  return (
    <div className={styles.whole}>
      {data.items.length === 0 ? (
        <EmptyState
          title="No alert rules yet"
          text="A rule sends one message when a metric of live runs crosses a threshold, and one when it recovers. For example: p95 over 6 s, or fewer than 10 runs in an hour."
          action={create}
        />
      ) : (
        <section aria-labelledby="rules-title">
          <div className={styles.head}>
            <h2 id="rules-title">Rules</h2>
            {create}
          </div>
          <ul className={styles.rules}>
            {data.items.map((rule) => (
              <RuleRow key={rule.id} rule={rule} where={scopeWords(rule.scope, nameOf)} onEdit={() => setEdited(rule)} />
            ))}
          </ul>
        </section>
      )}
      <History />
      {edited !== undefined && (
        <RuleForm
          rule={edited === 'new' ? undefined : edited}
          workflowId={workflowId}
          workflows={workflows}
          canEmail={data.canEmail}
          onClose={() => setEdited(undefined)}
        />
      )}
    </div>
  );
}

function RuleRow({ rule, where, onEdit }: { rule: AlertRule; where: string; onEdit: () => void }) {
  const { name, state, enabled, observed, opening, lastDelivery } = rule;
  const condition = ruleCondition(rule);
  return (
    <li className={styles.rule}>
      <span className={styles.state} data-state={enabled ? (state ?? undefined) : undefined}>
        {!enabled ? 'Off' : state === null ? 'Not checked yet' : STATE_WORDS[state]}
      </span>
      <div className={styles.what}>
        <h3 dir="auto">{name}</h3>
        <p>
          {name !== condition && `${condition} · `}
          {where} · last {windowWords(rule.windowMinutes)}
        </p>
        {observed && <p>{observationWords(rule, observed)}</p>}
        {opening && (
          <p>
            Open since <TimeAgo at={opening.openedAt} />
          </p>
        )}
        {lastDelivery && (
          <p data-failed={lastDelivery.error !== null || undefined}>
            {lastDelivery.kind === 'test' ? 'Test message' : 'Message'} to <span dir="auto">{lastDelivery.to}</span>{' '}
            {lastDelivery.error === null ? 'delivered' : 'not delivered'} <TimeAgo at={lastDelivery.at} />
            {lastDelivery.error !== null && `: ${lastDelivery.error}`}
          </p>
        )}
      </div>
      <RuleActions rule={rule} onEdit={onEdit} />
    </li>
  );
}
