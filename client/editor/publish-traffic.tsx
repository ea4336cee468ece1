import { NumberInput, SegmentedControl } from '@mantine/core';
import type { PublishRelease } from '@switchyard/shared/contracts/workflows.ts';
import { Link } from '@tanstack/react-router';
import { useRelease } from '../api/evaluation/release-queries.ts';
import { useEditor } from '../open-workflow/editor-store.ts';
import styles from './publish-traffic.module.css';

const USUAL_PERCENT = 10;

interface PublishTrafficProps {
  readonly value: PublishRelease;
  readonly onChange: (release: PublishRelease) => void;
}

/** Which live runs the version takes: all, a percentage, or none yet. */
export function PublishTraffic({ value, onChange }: PublishTrafficProps) {
  const workflowId = useEditor((state) => state.workflowId);
  const live = useEditor((state) => state.liveVersion);
  const next = useEditor((state) => state.nextVersion);
  const { data: release } = useRelease(workflowId);
  const canary = release?.versions[1];
  const percent = typeof value === 'number' ? value : USUAL_PERCENT;
  const data = [
    { value: 'live', label: 'All at once' },
    { value: 'part', label: `${percent}% first`, disabled: live === null || canary !== undefined },
    { value: 'hold', label: 'None yet' },
  ];
  const choose = (chosen: string) => onChange(chosen === 'part' ? percent : chosen === 'hold' ? 'hold' : 'live');
  return (
    <div className={styles.traffic}>
      <span className={styles.label} id="publish-traffic">
        Live runs
      </span>
      <SegmentedControl fullWidth aria-labelledby="publish-traffic" data={data} value={typeof value === 'number' ? 'part' : value} onChange={choose} />
      {typeof value === 'number' && live !== null && (
        <>
          <div className={styles.bar} aria-hidden>
            <i style={{ width: `${100 - value}%` }} />
            <i data-new />
          </div>
          <div className={styles.shares}>
            <span>
              v{live} <b>{100 - value}%</b>
            </span>
            <span>
              v{next}{' '}
              <NumberInput
                aria-label="Percent of live runs"
                size="xs"
                className={styles.percent}
                min={1}
                max={99}
                allowDecimal={false}
                value={value}
                onChange={(given) => typeof given === 'number' && given >= 1 && onChange(Math.min(99, given))}
                suffix="%"
              />
            </span>
          </div>
          <p className={styles.words}>Compared with v{live}. Goes back automatically if it is worse.</p>
        </>
      )}
      {canary && (
        <p className={styles.words}>
          v{canary.version} already takes {canary.weight}%.{' '}
          <Link to="/workflows/$id/release" params={{ id: workflowId }} className={styles.link}>
            Promote it or roll it back
          </Link>{' '}
          before another version takes a part.
        </p>
      )}
    </div>
  );
}
