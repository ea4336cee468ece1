import { Skeleton } from '@mantine/core';
import type { Policy } from '@switchyard/shared/contracts/policies.ts';
import type { Workflow } from '@switchyard/shared/contracts/workflows.ts';
import { Link, useParams } from '@tanstack/react-router';
import { usePolicies } from '../api/policy-queries.ts';
import { useWorkflow } from '../api/queries.ts';
import { ErrorState } from '../frame/error-state.tsx';
import { PartLoading } from '../frame/page-loading.tsx';
import { TopBar } from '../frame/top-bar.tsx';
import { ChangesStrip } from './changes-strip.tsx';
import { usePolicyDraft } from './draft/use-policy-draft.ts';
import { ErasureSection } from './erasure/erasure-section.tsx';
import { KillSection } from './kill-section.tsx';
import styles from './policies-page.module.css';
import { PolicyActions, PolicyState } from './policy-state.tsx';
import { QueueSection } from './queue/queue-section.tsx';
import { RedactionSection } from './redaction/redaction-section.tsx';
import { LoggingSection } from './storage/logging-section.tsx';
import { RetentionSection } from './storage/retention-section.tsx';
import { TestText } from './test-text/test-text.tsx';

const PARENT = { to: '/workflows', label: 'Workflows' } as const;

/** Kill switches, limits, and the data policy of a workflow. */
export function PoliciesPage() {
  const { id } = useParams({ from: '/workflows/$id/policies' });
  const workflow = useWorkflow(id);
  const policy = usePolicies(id);
  const failed = [workflow, policy].find(({ error, data }) => error && !data);
  if (workflow.data && policy.data) return <OpenPolicies key={id} workflow={workflow.data} policy={policy.data} />;
  return (
    <>
      <TopBar
        parent={PARENT}
        {...(workflow.data && { workflow: workflow.data })}
        title={failed ? 'Policies' : <Skeleton width={80} height={14} aria-label="Policies" />}
      />
      {failed ? <ErrorState title="Couldn’t load policies" error={failed.error} retry={() => void failed.refetch()} /> : <PartLoading />}
    </>
  );
}

function OpenPolicies({ workflow, policy }: { workflow: Workflow; policy: Policy }) {
  const draft = usePolicyDraft(workflow.id, policy);
  return (
    <>
      <TopBar
        parent={PARENT}
        workflow={workflow}
        title="Policies"
        state={<PolicyState policy={policy} draft={draft} />}
        actions={<PolicyActions workflowId={workflow.id} policy={policy} draft={draft} />}
        offline="Offline. Your edits are kept in this browser."
      />
      <div className={styles.page}>
        <div className={styles.main}>
          <KillSection workflowId={workflow.id} />
          <QueueSection workflowId={workflow.id} />
          {draft.changes.length > 0 && <ChangesStrip policy={policy} draft={draft} />}
          <RedactionSection draft={draft} found={policy.found} />
          <LoggingSection draft={draft} />
          <RetentionSection workflowId={workflow.id} draft={draft} />
          <ErasureSection />
          <p className={styles.audit}>
            Every change is in the{' '}
            <Link to="/settings/audit" search={{ kind: 'policy' }}>
              audit trail
            </Link>
            , with its author and reason.
          </p>
        </div>
        <TestText workflow={workflow} draft={draft} />
      </div>
    </>
  );
}
