import { useKillSwitches } from '../api/kill-switch-queries.ts';
import { concernsWorkflow, mayAffectWorkflow } from '../kill-switches/kill-labels.ts';
import { KillStrip } from '../kill-switches/kill-strip.tsx';
import { StopWorkflow } from '../kill-switches/stop-workflow.tsx';
import { messageOf } from '../ui/message-of.ts';
import styles from './kill-section.module.css';
import card from './parts/section.module.css';

/** The active kill switches that can reach a workflow, and one line to stop it. */
export function KillSection({ workflowId }: { workflowId: string }) {
  const { data, error } = useKillSwitches();
  const shown = (data ?? []).filter((one) => mayAffectWorkflow(one, workflowId));
  const isStopped = shown.some((one) => one.scope.kind !== 'version' && concernsWorkflow(one, workflowId));
  return (
    <section className={card.section} aria-label="Kill switches">
      <div role="status">
        {shown.map((one) => (
          <KillStrip key={one.id} killSwitch={one} />
        ))}
      </div>
      <div className={styles.line}>
        <p className={styles.state} data-tone={!data ? undefined : isStopped ? 'stopped' : 'good'}>
          <i className={styles.dot} aria-hidden />
          {!data && (error ? `Couldn’t load kill switches: ${messageOf(error)}` : 'Loading kill switches…')}
          {data && (isStopped ? 'This workflow accepts no new runs.' : shown.length === 0 ? 'Nothing is stopped.' : 'Nothing else is stopped.')}
        </p>
        <StopWorkflow workflowId={workflowId} />
      </div>
    </section>
  );
}
