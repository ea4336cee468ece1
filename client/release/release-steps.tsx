import type { WorkflowRelease } from '@switchyard/shared/contracts/evaluation/releases.ts';
import { IconCheck } from '@tabler/icons-react';
import { TimeAgo } from '../ui/figures.tsx';
import { formatNumber } from '../ui/format.ts';
import styles from './release-steps.module.css';
import { STEPS } from './steps.ts';

/** How far the canary has come, and how many customers it reaches. */
export function ReleaseSteps({ release }: { release: WorkflowRelease }) {
  const { versions, since } = release;
  const canary = versions[1];
  if (!canary) return null;
  const points = [0, ...new Set([...STEPS, canary.weight])].sort((a, b) => a - b);
  return (
    <div className={styles.top}>
      <ol className={styles.steps} aria-label="Steps of the release">
        {points.map((weight) => (
          <li
            key={weight}
            data-done={weight < canary.weight || undefined}
            data-now={weight === canary.weight || undefined}
            aria-current={weight === canary.weight ? 'step' : undefined}
          >
            <i aria-hidden>{weight < canary.weight && <IconCheck size={10} stroke={3} />}</i>
            <b>{weight === 0 ? 'Held' : `${weight}%`}</b>
            {weight === canary.weight && since !== null && (
              <small>
                since <TimeAgo at={since} />
              </small>
            )}
          </li>
        ))}
      </ol>
      <Reach release={release} weight={canary.weight} version={canary.version} />
    </div>
  );
}

function Reach({ release: { figures, sticky }, weight, version }: { release: WorkflowRelease; weight: number; version: number }) {
  const customers = figures?.customers;
  const share = customers && customers.all > 0 ? customers.canary / customers.all : weight / 100;
  const next = STEPS.find((step) => step > weight) ?? 100;
  const joining = customers ? Math.max(0, Math.round((customers.all * next) / 100) - customers.canary) : 0;
  return (
    <div className={styles.reach}>
      <div className={styles.bar} aria-hidden>
        <i style={{ width: `${Math.max(1, share * 100)}%` }} />
      </div>
      {customers ? (
        <p>
          <b>v{version}</b> reaches <b>{formatNumber(customers.canary)}</b> of <b>{formatNumber(customers.all)}</b> customers
        </p>
      ) : (
        <p>
          <b>v{version}</b> takes <b>{weight}%</b> of live runs
        </p>
      )}
      <p className={styles.how}>
        {sticky === null ? (
          'Each run is assigned on its own. Set a sticky key to keep customers on one version.'
        ) : (
          <>
            Sticky by <code>{sticky}</code>: a customer keeps the version.
            {customers &&
              next > weight &&
              ` At ${next}% these ${formatNumber(customers.canary)} stay on v${version}, and about ${formatNumber(joining)} join them.`}
          </>
        )}
      </p>
    </div>
  );
}
