import { Tabs, UnstyledButton } from '@mantine/core';
import type { NodeAuthority } from '@switchyard/shared/contracts/evaluation/authority.ts';
import { IconChevronDown } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useAuthority, useAuthorityLabels } from '../../api/evaluation/authority-queries.ts';
import { ErrorState } from '../../frame/error-state.tsx';
import { useEditor } from '../../open-workflow/editor-store.ts';
import { shortId } from '../../run-look/run-labels.ts';
import { TimeAgo } from '../../ui/figures.tsx';
import { formatNumber } from '../../ui/format.ts';
import { Resizer, usePanelSize } from '../../ui/resizer.tsx';
import styles from './dock.module.css';
import { EvidenceTable } from './evidence-table.tsx';
import { showAll, showEvidence, showTab, useEvidence } from './open-evidence.ts';
import { ThresholdCurve } from './threshold-curve.tsx';

type Tab = 'evidence' | 'reviews' | 'changes';

/** The evidence of a review node, below the canvas. */
export function EvidenceDock({ nodeKey }: { nodeKey: string }) {
  const id = useEditor((state) => state.workflowId);
  const tab = useEvidence((state) => state.tab);
  const { data, error, refetch } = useAuthority(id, nodeKey);
  const [height, setHeight] = usePanelSize('evidence', { initial: 290, min: 120, max: 700 });
  return (
    <section className={styles.dock} style={{ height }} aria-label="Evidence">
      <Resizer edge="top" size={height} onSize={setHeight} label="Height of the evidence" />
      <Tabs value={tab} onChange={(value) => showTab(value as Tab)} className={styles.tabs} keepMounted={false}>
        <div className={styles.bar}>
          <Tabs.List className={styles.tabList}>
            <Tabs.Tab value="evidence">Evidence</Tabs.Tab>
            <Tabs.Tab value="reviews">Sampled reviews</Tabs.Tab>
            <Tabs.Tab value="changes">Changes of authority {data && data.changes.length > 0 && data.changes.length}</Tabs.Tab>
          </Tabs.List>
          <UnstyledButton aria-label="Close the evidence" onClick={() => showEvidence(null)}>
            <IconChevronDown size={18} />
          </UnstyledButton>
        </div>
        {data ? (
          <>
            <Tabs.Panel value="evidence" className={styles.body}>
              <Evidence authority={data} />
            </Tabs.Panel>
            <Tabs.Panel value="reviews" className={styles.body}>
              <Reviews id={id} nodeKey={nodeKey} />
            </Tabs.Panel>
            <Tabs.Panel value="changes" className={styles.body}>
              <Changes changes={data.changes} />
            </Tabs.Panel>
          </>
        ) : error ? (
          <ErrorState title="Couldn’t load the evidence" error={error} retry={() => void refetch()} />
        ) : (
          <p className={styles.quiet}>Loading the evidence…</p>
        )}
      </Tabs>
    </section>
  );
}

function Evidence({ authority }: { authority: NodeAuthority }) {
  if (authority.groups.length === 0)
    return <p className={styles.quiet}>No sampled reviews yet. Each group’s error rate and its upper bound appear here, compared with your target.</p>;
  return (
    <div className={styles.split}>
      <div className={styles.evidence}>
        <EvidenceTable authority={authority} />
      </div>
      {authority.curve.length > 0 && <ThresholdCurve authority={authority} />}
    </div>
  );
}

function Reviews({ id, nodeKey }: { id: string; nodeKey: string }) {
  const { group, wrongOnly } = useEvidence();
  const { data, error, refetch } = useAuthorityLabels(id, nodeKey, { ...(group !== null && { group }), ...(wrongOnly && { wrong: 'true' }) });
  if (error && !data) return <ErrorState title="Couldn’t load the reviews" error={error} retry={() => void refetch()} />;
  if (!data) return <p className={styles.quiet}>Loading the reviews…</p>;
  return (
    <>
      {(group !== null || wrongOnly) && (
        <p className={styles.note}>
          {wrongOnly ? 'Wrong reviews' : 'Reviews'}
          {group !== null && ` of ${group}`} ·{' '}
          <button type="button" className={styles.link} onClick={showAll}>
            Show all
          </button>
        </p>
      )}
      {data.items.length === 0 ? <p className={styles.quiet}>No sampled reviews here.</p> : <ReviewTable items={data.items} />}
    </>
  );
}

function ReviewTable({ items }: { items: NonNullable<ReturnType<typeof useAuthorityLabels>['data']>['items'] }) {
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          {['Group', 'Run', 'Result', 'Sampling rate', 'When'].map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {items.map(({ id, runId, group, wrong, rejected, fields, late, probability, at }) => (
          <tr key={id}>
            <td title={group}>{group}</td>
            <td>
              <Link to="/runs/$id" params={{ id: runId }} className={styles.link}>
                {shortId(runId)}
              </Link>
            </td>
            <td className={wrong ? styles.wrong : undefined}>
              {!wrong ? 'right' : late ? 'wrong, by feedback' : rejected ? 'rejected' : `changed ${fields.join(', ')}`}
            </td>
            <td>{formatNumber(Math.round(probability * 100))}%</td>
            <td>
              <TimeAgo at={at} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Changes({ changes }: { changes: NodeAuthority['changes'] }) {
  if (changes.length === 0) return <p className={styles.quiet}>No changes yet. Accepted proposals and returns to full review appear here.</p>;
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          {['Group', 'A person sees', 'From', 'By', 'Reason', 'When'].map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {changes.map(({ at, actor, group, from, to, labels, wrong, reason }) => (
          <tr key={`${at} ${group}`}>
            <td title={group}>{group}</td>
            <td>
              {formatNumber(from)}% → {formatNumber(to)}%
            </td>
            <td>
              {formatNumber(wrong)} of {formatNumber(labels)} wrong
            </td>
            <td>{actor.kind === 'system' ? 'automatically' : actor.id}</td>
            <td>{reason ?? '–'}</td>
            <td>
              <TimeAgo at={at} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
