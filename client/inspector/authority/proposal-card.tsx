import { Button, TextInput } from '@mantine/core';
import type { AuthorityGroupView, NodeAuthority } from '@switchyard/shared/contracts/evaluation/authority.ts';
import { IconBulb } from '@tabler/icons-react';
import { useState } from 'react';
import { useSetAuthority } from '../../api/evaluation/authority-queries.ts';
import { formatNumber } from '../../ui/format.ts';
import { showDone, showFailure } from '../../ui/toast.tsx';
import styles from './authority.module.css';
import { showWrong } from './open-evidence.ts';
import { percent, shareWords } from './words.ts';

type Proposal = NonNullable<AuthorityGroupView['proposal']>;

/** The proposals of a node for less review. */
export function Proposals({ authority, readOnly }: { authority: NodeAuthority; readOnly: boolean }) {
  const { groups, rare, settings } = authority;
  const shared = { authority, readOnly, target: settings?.target ?? 0 };
  return (
    <>
      {groups.map(
        ({ name, proposal, savedPerDay }) => proposal && <Card key={name} {...shared} group={name} title={name} proposal={proposal} saved={savedPerDay} />,
      )}
      {rare && <Card {...shared} group={null} title={`${rare.groups.length} rare groups`} proposal={rare.proposal} saved={null} />}
    </>
  );
}

interface CardProps {
  readonly authority: NodeAuthority;
  readonly readOnly: boolean;
  readonly target: number;
  /** Null: rare groups together. */
  readonly group: string | null;
  readonly title: string;
  readonly proposal: Proposal;
  readonly saved: number | null;
}

function Card({ authority: { workflowId, nodeKey, revision }, readOnly, target, group, title, proposal, saved }: CardProps) {
  const set = useSetAuthority(workflowId, nodeKey);
  const [reason, setReason] = useState('');
  const { share, bound, labels, wrong } = proposal;
  const failed = (thrown: unknown) => showFailure('Couldn’t change the review', thrown);
  const accept = () => {
    const body = { group, share, revision, ...(reason.trim() !== '' && { reason: reason.trim() }) };
    set.mutate(body, { onSuccess: () => showDone('Review reduced'), onError: failed });
  };
  return (
    <section className={styles.proposal} aria-label={`Proposal for ${title}`}>
      <h3>
        <IconBulb size={16} stroke={1.8} aria-hidden /> {shareWords(share)} of {title}
      </h3>
      <p>
        People saw <b>{formatNumber(labels)}</b> drafts of {title}, and <b>{formatNumber(wrong)}</b> {wrong === 1 ? 'was' : 'were'} wrong. At most{' '}
        <b>{percent(bound)}</b> are wrong, within your target of {formatNumber(target)}%.
        {saved !== null && saved >= 1 && (
          <>
            {' '}
            Saves about <b>{formatNumber(Math.round(saved))}</b> reviews a day.
          </>
        )}
      </p>
      {!readOnly && (
        <>
          <TextInput
            size="xs"
            aria-label="Reason"
            placeholder="Reason, for the audit trail"
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <div className={styles.actions}>
            <Button size="compact-sm" variant="filled" loading={set.isPending} onClick={accept}>
              {shareWords(share)}
            </Button>
            <Button size="compact-sm" variant="default" disabled={set.isPending} onClick={() => set.mutate({ group, revision }, { onError: failed })}>
              Not now
            </Button>
            {group !== null && wrong > 0 && (
              <button type="button" className={styles.link} onClick={() => showWrong(nodeKey, group)}>
                See the {formatNumber(wrong)}
              </button>
            )}
          </div>
        </>
      )}
    </section>
  );
}
