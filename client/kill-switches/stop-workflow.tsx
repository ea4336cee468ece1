import styles from './stop-button.module.css';
import { StopButton } from './stop-button.tsx';

/** A button to stop a workflow, with its explanation. */
export function StopWorkflow({ workflowId }: { workflowId: string }) {
  const scope = { kind: 'workflow', id: workflowId } as const;
  return (
    <fieldset className={styles.line}>
      <legend className={styles.label}>Stop this workflow</legend>
      <StopButton scope={scope} mode="refuse" />
      <StopButton scope={scope} mode="drain" />
      <StopButton scope={scope} mode="abort" />
    </fieldset>
  );
}
