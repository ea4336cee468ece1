import { Button, SegmentedControl, Skeleton } from '@mantine/core';
import type { CauseGroup, Correction } from '@switchyard/shared/contracts/evaluation/corrections.ts';
import { useMemo } from 'react';
import { type CorrectionFilters, useCorrections } from '../../../api/evaluation/correction-queries.ts';
import { ErrorState } from '../../../frame/error-state.tsx';
import { useSlowNow } from '../../../ui/clock.ts';
import { formatAgo, formatExact } from '../../../ui/format.ts';
import { CauseChip } from '../common/cause-chip.tsx';
import { CAUSE_WORDS } from '../common/cause-words.ts';
import styles from './correction-list.module.css';
import { gistOf } from './gist.ts';

interface Props {
  readonly cause: CauseGroup;
  readonly filters: CorrectionFilters;
  readonly count: number;
  readonly unconfirmed: number;
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
  readonly selected: string | undefined;
  readonly onSelect: (id: string) => void;
}

/** The corrections of one cause, newest first. */
export function CorrectionList({ cause, filters, count, unconfirmed, open, onOpen, selected, onSelect }: Props) {
  const query = useCorrections({ ...filters, cause, ...(open && { confirmed: 'false' }) });
  const items = query.data?.pages.flatMap((page) => page.items);
  return (
    <section className={styles.list} aria-label="Corrections">
      <header className={styles.head}>
        <h2 className={styles.title}>
          {CAUSE_WORDS[cause].name} <span className="tabular">{count.toLocaleString('en')}</span>
        </h2>
        <SegmentedControl
          size="xs"
          aria-label="Which corrections"
          value={open ? 'open' : 'all'}
          onChange={(value) => onOpen(value === 'open')}
          data={[
            { value: 'all', label: 'All' },
            { value: 'open', label: `To confirm ${unconfirmed.toLocaleString('en')}` },
          ]}
        />
      </header>
      <div className={styles.body}>
        {query.error && !items && <ErrorState title="Couldn’t load corrections" error={query.error} retry={() => void query.refetch()} />}
        {!items && !query.error && <LoadingRows />}
        {items?.length === 0 && <p className={styles.quiet}>{open ? 'Every cause here is confirmed.' : 'No corrections with this cause in this range.'}</p>}
        <ul>
          {items?.map((correction) => (
            <li key={correction.id}>
              <Row correction={correction} selected={correction.id === selected} onSelect={onSelect} />
            </li>
          ))}
        </ul>
        {query.hasNextPage && (
          <Button className={styles.more} size="xs" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Show more
          </Button>
        )}
      </div>
    </section>
  );
}

function Row({ correction, selected, onSelect }: { correction: Correction; selected: boolean; onSelect: (id: string) => void }) {
  const now = useSlowNow();
  const { changes, madeBy, at, reviewer, reviewTitle } = correction;
  const [change] = changes;
  const gist = useMemo(() => gistOf(change?.before, change?.after), [change]);
  const moment = new Date(at);
  return (
    <button
      type="button"
      className={styles.row}
      data-selected={selected || undefined}
      aria-current={selected || undefined}
      onClick={() => onSelect(correction.id)}
    >
      <span className={styles.first}>
        <span className={styles.name} dir="auto">
          {reviewTitle || 'Review'}
        </span>
        <time className={styles.age} dateTime={at} title={formatExact(moment)}>
          {formatAgo(moment, new Date(now)).replace(/ ago$/, '')}
        </time>
      </span>
      <span className={styles.gist} dir="auto">
        {gist
          ? gist.map((part, index) => {
              const Mark = part.kind === 'added' ? 'ins' : part.kind === 'removed' ? 'del' : 'span';
              return (
                // biome-ignore lint/suspicious/noArrayIndexKey: parts have no identity other than their position
                <Mark key={index}>{part.text}</Mark>
              );
            })
          : `${change?.label || change?.field} changed`}
      </span>
      <span className={styles.foot}>
        <CauseChip correction={correction} />
        <span className={styles.by}>
          {madeBy?.nodeTitle ?? change?.label ?? change?.field} · by {reviewer}
        </span>
      </span>
    </button>
  );
}

function LoadingRows() {
  return (
    <div role="status" aria-label="Loading corrections">
      {[62, 48, 55].map((width) => (
        <div key={width} className={styles.loading}>
          <Skeleton height={12} width={`${width}%`} />
          <Skeleton height={10} width={`${width - 20}%`} />
        </div>
      ))}
    </div>
  );
}
