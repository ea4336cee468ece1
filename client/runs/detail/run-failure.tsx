import type { ErrorData } from '@switchyard/shared/errors.ts';
import { adviceFor } from '../../run-look/error-advice.ts';
import type { StepLike } from '../../run-look/step-rows.ts';
import { SettingText } from '../../ui/inline-text.tsx';
import type { NodeNames } from './node-names.ts';
import styles from './run-failure.module.css';

interface RunFailureProps {
  readonly error: ErrorData;
  readonly names: NodeNames;
  readonly steps: readonly StepLike[];
  readonly onStep: (stepId: string) => void;
}

/** Why a run failed: what happened, where, and what to do. */
export function RunFailure({ error, names, steps, onStep }: RunFailureProps) {
  const { nodeKey, stepId } = error;
  const done = steps.filter(({ id, status }) => status === 'succeeded' && id !== stepId).length;
  const http = steps.find(({ id }) => id === stepId)?.calls.findLast(({ record }) => record?.kind === 'http')?.record;
  return (
    <dl className={styles.failure}>
      <dt>What happened</dt>
      <dd>
        <SettingText text={error.message} />
      </dd>
      {nodeKey && (
        <>
          <dt>Where</dt>
          <dd>
            Step{' '}
            {stepId ? (
              <button type="button" className={styles.step} onClick={() => onStep(stepId)}>
                {names.nameOf(nodeKey, '').title}
              </button>
            ) : (
              names.nameOf(nodeKey, '').title
            )}
            {http?.kind === 'http' && (
              <>
                , <code className={styles.address}>{`${http.method} ${http.url}`}</code>
              </>
            )}
          </dd>
        </>
      )}
      <dt>What to do</dt>
      <dd>
        <SettingText text={error.hint ?? adviceFor(error.code)} />
        {done > 0 && stepId && ` Rerunning from this step reuses the ${done === 1 ? 'step' : `${done} steps`} before it at no cost.`}
      </dd>
    </dl>
  );
}
