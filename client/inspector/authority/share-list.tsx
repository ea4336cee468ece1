import { Tooltip } from '@mantine/core';
import type { AuthorityGroupView, NodeAuthority } from '@switchyard/shared/contracts/evaluation/authority.ts';
import { IconLock, IconTrendingUp } from '@tabler/icons-react';
import { useSetAuthority } from '../../api/evaluation/authority-queries.ts';
import { formatNumber } from '../../ui/format.ts';
import { showDone, showFailure } from '../../ui/toast.tsx';
import styles from './authority.module.css';
import { showWrong } from './open-evidence.ts';
import { day } from './words.ts';

/** What a person sees of each group. */
export function ShareList({ authority, readOnly }: { authority: NodeAuthority; readOnly: boolean }) {
  const { workflowId, nodeKey, groups } = authority;
  const set = useSetAuthority(workflowId, nodeKey);
  const reviewAll = ({ name }: AuthorityGroupView) =>
    set.mutate(
      { group: name, share: 100 },
      { onSuccess: () => showDone('Back to full review'), onError: (thrown) => showFailure('Couldn’t change the review', thrown) },
    );
  return (
    <section aria-label="A person sees">
      <h3 className={styles.label}>A person sees</h3>
      <ul className={styles.shares}>
        {groups.map((group) => (
          <li key={group.name}>
            <span className={styles.name} title={group.name}>
              {group.name}
            </span>
            <span className={styles.track} data-locked={group.isLocked || undefined} aria-hidden>
              <i style={{ width: `${group.share}%` }} />
            </span>
            <span className={styles.share}>{formatNumber(group.share)}%</span>
            <span className={styles.note}>
              {group.isLocked ? (
                <Tooltip label="Always reviewed, by the settings below">
                  <IconLock size={14} stroke={1.8} role="img" aria-label="Always reviewed" />
                </Tooltip>
              ) : group.proposal ? (
                <span data-tone="accent">to {formatNumber(group.proposal.share)}%</span>
              ) : group.share < 100 && !readOnly ? (
                <button
                  type="button"
                  className={styles.link}
                  disabled={set.isPending}
                  onClick={() => reviewAll(group)}
                  aria-label={`Review all of ${group.name}`}
                >
                  Review all
                </button>
              ) : (
                group.drift && <span data-tone="waiting">was {formatNumber(group.drift.from)}%</span>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Groups that went back to full review. */
export function Drifts({ authority: { nodeKey, groups } }: { authority: NodeAuthority }) {
  return groups.map(
    ({ name, drift }) =>
      drift && (
        <p key={name} className={styles.drift} role="status">
          <IconTrendingUp size={16} stroke={1.8} aria-hidden />
          <span>
            <b>{name} went back to full review automatically</b> on {day(drift.at)}: {formatNumber(drift.wrong)} of {formatNumber(drift.labels)} sampled reviews
            were wrong, and errors were rising.{' '}
            <button type="button" className={styles.link} onClick={() => showWrong(nodeKey, name)}>
              Show them
            </button>
          </span>
        </p>
      ),
  );
}
