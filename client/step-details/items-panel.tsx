import { Button, SegmentedControl } from '@mantine/core';
import type { Run, RunItem } from '@switchyard/shared/contracts/runs.ts';
import type { ItemCounts } from '@switchyard/shared/run/state.ts';
import { IconChevronRight, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { useRetryItems, useRunItems } from '../api/run-items.ts';
import { ItemBar } from '../run-look/item-bar.tsx';
import { formatDuration, formatNumber } from '../ui/format.ts';
import { showFailure } from '../ui/toast.tsx';
import styles from './items-panel.module.css';

interface ItemsPanelProps {
  readonly runId: string;
  readonly step: { readonly id: string; readonly items: ItemCounts };
  /** The run has ended, so its failed items can be retried. */
  readonly isEnded: boolean;
  readonly titleOf: (nodeKey: string) => string;
  readonly shown?: number | undefined;
  readonly onShow: (index: number) => void;
  readonly onRetried: (run: Run) => void;
}

/** The items of a for-each step: how many are done, the failed ones first, then all of them by page. */
export function ItemsPanel(props: ItemsPanelProps) {
  const { items } = props.step;
  if (items.count === 0) return <p className={styles.total}>The list had no items, so nothing ran inside.</p>;
  const done = items.succeeded + items.failed;
  return (
    <div className={styles.panel}>
      <p className={styles.total}>
        {formatNumber(done)} of {formatNumber(items.count)}
      </p>
      <ItemBar items={items} height={8} />
      <ul className={styles.legend}>
        <li data-tone="succeeded">{formatNumber(items.succeeded)} succeeded</li>
        {items.failed > 0 && <li data-tone="failed">{formatNumber(items.failed)} failed</li>}
        {items.open > 0 && <li data-tone="running">{formatNumber(items.open)} in progress</li>}
        {items.count > done + items.open && <li>{formatNumber(items.count - done - items.open)} left</li>}
      </ul>
      {items.failed > 0 && <FailedItems {...props} />}
      <Results {...props} />
    </div>
  );
}

/** How many failed items are listed above the results. */
const MOST_FAILED = 10;

function FailedItems(props: ItemsPanelProps) {
  const { runId, step, isEnded, onRetried } = props;
  const { data } = useRunItems(runId, { step: step.id, status: 'failed', limit: MOST_FAILED }, !isEnded);
  const retry = useRetryItems(runId);
  const start = () => retry.mutate(step.id, { onSuccess: onRetried, onError: (thrown) => showFailure('Couldn’t retry failed items', thrown) });
  return (
    <section className={styles.failed} aria-label="Failed items">
      <h3 className={styles.failedTitle}>Failed items {formatNumber(step.items.failed)}</h3>
      <ItemRows {...props} items={data?.items ?? []} />
      {isEnded && (
        <div className={styles.retry}>
          <Button size="xs" leftSection={<IconRefresh size={14} stroke={1.7} />} loading={retry.isPending} onClick={start}>
            Retry failed items
          </Button>
          <span>As a new run. Succeeded items are kept.</span>
        </div>
      )}
    </section>
  );
}

const FILTERS = [
  { value: 'all', label: 'All' },
  { value: 'succeeded', label: 'Succeeded' },
  { value: 'failed', label: 'Failed' },
  { value: 'running', label: 'Running' },
];
const PAGE = 20;

function Results(props: ItemsPanelProps) {
  const { runId, step, isEnded } = props;
  const [filter, setFilter] = useState('all');
  const [from, setFrom] = useState(0);
  const status = filter === 'all' ? undefined : (filter as RunItem['status']);
  const { data } = useRunItems(runId, { step: step.id, from, limit: PAGE, status }, !isEnded);
  const last = data?.items.at(-1)?.index ?? from;
  return (
    <section aria-label="Items">
      <div className={styles.resultsHead}>
        <h3>Items</h3>
        <SegmentedControl
          size="xs"
          aria-label="Status of the items"
          data={FILTERS}
          value={filter}
          onChange={(value) => {
            setFilter(value);
            setFrom(0);
          }}
        />
      </div>
      <ItemRows {...props} items={data?.items ?? []} />
      {data?.items.length === 0 && <p className={styles.none}>No items with this status.</p>}
      {(from > 0 || data?.nextCursor) && (
        <div className={styles.pages}>
          <Button size="xs" disabled={from === 0} onClick={() => setFrom(status ? 0 : Math.max(0, from - PAGE))}>
            {status ? 'First' : 'Previous'}
          </Button>
          <Button size="xs" disabled={!data?.nextCursor} onClick={() => setFrom(last + 1)}>
            Next
          </Button>
        </div>
      )}
    </section>
  );
}

function ItemRows({ items, shown, titleOf, onShow }: ItemsPanelProps & { readonly items: readonly RunItem[] }) {
  return (
    <ul className={styles.rows}>
      {items.map((item) => (
        <li key={item.index}>
          <button
            type="button"
            className={styles.row}
            data-status={item.status}
            aria-current={item.index === shown || undefined}
            onClick={() => onShow(item.index)}
          >
            <span className={styles.number}>
              <span className={styles.hidden}>Item </span>
              {formatNumber(item.index + 1)}
            </span>
            <span className={styles.texts}>
              {item.name !== null && <b>{item.name}</b>}
              <span>{describe(item, titleOf)}</span>
            </span>
            <span className={styles.time}>{item.startedAt && item.endedAt && formatDuration(Date.parse(item.endedAt) - Date.parse(item.startedAt))}</span>
            <IconChevronRight size={14} stroke={1.7} aria-hidden />
          </button>
        </li>
      ))}
    </ul>
  );
}

/** What became of an item: “Fetch page: 403 from example.com”. */
function describe({ status, error, nodeKey, fromRunId }: RunItem, titleOf: (nodeKey: string) => string): string {
  if (error) return error.nodeKey ? `${titleOf(error.nodeKey)}: ${error.message}` : error.message;
  if (fromRunId !== null) return 'Kept from the earlier run';
  if (status === 'succeeded') return 'Succeeded';
  if (status === 'not-started') return 'Not started';
  if (status === 'cancelled') return 'Canceled';
  return nodeKey === null ? 'Running' : titleOf(nodeKey);
}
