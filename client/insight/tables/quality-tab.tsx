import { Button, SegmentedControl } from '@mantine/core';
import { BREAKDOWNS, type Breakdown, type Share } from '@switchyard/shared/contracts/insight/insight.ts';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { breakdownCsvUrl, type InsightQuery, useBreakdown } from '../../api/insight/insight-queries.ts';
import { ErrorState } from '../../frame/error-state.tsx';
import { PageLoading } from '../../frame/page-loading.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatCost, formatDuration, formatNumber } from '../../ui/format.ts';
import { samplesWords, shareWords } from '../common/words.ts';
import styles from './tables.module.css';

type By = (typeof BREAKDOWNS)[number];
const LABELS: Readonly<Record<By, string>> = { workflow: 'Workflow', version: 'Version', tenant: 'Tenant', model: 'Served model' };

/** The same figures side by side, by workflow, version, tenant, or the model that served. */
export function QualityTab({ query }: { query: InsightQuery }) {
  const [by, setBy] = useState<By>(query.workflowId === undefined ? 'workflow' : 'version');
  const { data, error, refetch } = useBreakdown(query, by);
  return (
    <div className={styles.whole}>
      <div className={styles.head}>
        <SegmentedControl
          aria-label="Compare by"
          data={BREAKDOWNS.map((value) => ({ value, label: LABELS[value] }))}
          value={by}
          onChange={(value) => setBy(value as By)}
        />
        <div className={styles.space} />
        <Button component="a" href={breakdownCsvUrl(query, by)} download leftSection={<IconDownload size={16} stroke={1.7} />}>
          Export CSV
        </Button>
      </div>
      {error ? (
        <ErrorState title="Couldn’t load figures" error={error} retry={() => void refetch()} />
      ) : !data ? (
        <PageLoading />
      ) : data.items.length === 0 ? (
        <EmptyState title="No live runs in this range" text="Choose a longer range or another workflow." />
      ) : (
        <QualityTable items={data.items} by={by} />
      )}
    </div>
  );
}

const RATES = [
  ['success', 'Succeeded'],
  ['escalation', 'Escalated'],
  ['correction', 'Corrected'],
  ['override', 'Overridden'],
  ['fallback', 'Fallback'],
  ['badRatings', 'Rated badly'],
] as const;

function QualityTable({ items, by }: { items: Breakdown['items']; by: By }) {
  const hasTimes = by === 'workflow' || by === 'version';
  return (
    <div className={styles.scroll}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th>{LABELS[by]}</th>
            <th>Runs</th>
            {RATES.map(([name, label]) => (
              <th key={name}>{label}</th>
            ))}
            {hasTimes && <th>p50</th>}
            {hasTimes && <th>p95</th>}
            <th>Cost</th>
            <th>{by === 'model' ? 'Calls' : 'Cost per success'}</th>
          </tr>
        </thead>
        <tbody>
          {items.map(({ key, name, calls, figures }) => (
            <tr key={key}>
              <th scope="row" title={name}>
                {name}
              </th>
              <td>{formatNumber(figures.runs)}</td>
              {RATES.map(([rate]) => (
                <ShareCell key={rate} share={figures[rate]} />
              ))}
              {hasTimes && <td>{figures.p50 === null ? '–' : formatDuration(figures.p50)}</td>}
              {hasTimes && <td>{figures.p95 === null ? '–' : formatDuration(figures.p95)}</td>}
              <td>{formatCost(figures.costMicros)}</td>
              <td>{by === 'model' ? formatNumber(calls) : figures.costPerSuccess === null ? '–' : formatCost(figures.costPerSuccess)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A share, or how many samples there are if they are too few. */
export function ShareCell({ share }: { share: Share }) {
  if (share.of === 0) return <td>–</td>;
  return share.enough ? (
    <td title={`${formatNumber(share.count)} of ${formatNumber(share.of)}`}>{shareWords(share)}</td>
  ) : (
    <td className={styles.few} title={`${shareWords(share)}. Too few to tell: ${samplesWords(share.of)} samples.`}>
      {shareWords(share)} of {share.of}
    </td>
  );
}
