import { SegmentedControl, Skeleton, TextInput } from '@mantine/core';
import type { Review } from '@switchyard/shared/contracts/reviews.ts';
import { IconSearch, IconSortAscending } from '@tabler/icons-react';
import { ErrorState } from '../../frame/error-state.tsx';
import { OfflineStrip } from '../../frame/offline-strip.tsx';
import styles from './inbox-list.module.css';
import { InboxRow } from './inbox-row.tsx';
import type { Tab } from './inbox-search.ts';
import { NoReviews } from './no-reviews.tsx';
import type { Inbox } from './use-inbox.ts';
import { WhoAmI } from './who-am-i.tsx';

interface InboxListProps {
  readonly inbox: Inbox;
  readonly tab: Tab;
  readonly onTab: (tab: Tab) => void;
  readonly selected: string | undefined;
  /** No review is displayed beside the list, so the list itself explains why it is empty. */
  readonly isNarrow: boolean;
}

/** The list of reviews: tabs, search, order, rows. */
export function InboxList({ inbox, tab, onTab, selected, isNarrow }: InboxListProps) {
  return (
    <section className={styles.list} aria-label="Reviews">
      <header className={styles.head}>
        <div className={styles.top}>
          <h1 className={styles.title}>Inbox</h1>
          <SegmentedControl
            aria-label="Which reviews"
            value={tab}
            onChange={(value) => onTab(value as Tab)}
            data={[
              { value: 'mine', label: <Count word="Mine" count={inbox.mine} /> },
              { value: 'all', label: <Count word="All" count={inbox.all} /> },
              { value: 'done', label: 'Decided' },
            ]}
          />
        </div>
        <TextInput
          type="search"
          aria-label="Search, or filter by workflow"
          placeholder="Search, or filter by workflow"
          leftSection={<IconSearch size={16} stroke={1.7} />}
          value={inbox.search}
          onChange={(event) => inbox.setSearch(event.currentTarget.value)}
        />
        <div className={styles.order}>
          <IconSortAscending size={15} stroke={1.6} aria-hidden />
          <span>{tab === 'done' ? 'Newest first' : 'Most urgent first'}</span>
          <WhoAmI />
        </div>
      </header>
      {isNarrow && <OfflineStrip text="Offline. This page may be out of date." />}
      <Rows inbox={inbox} tab={tab} selected={selected} isNarrow={isNarrow} />
    </section>
  );
}

const Count = ({ word, count }: { word: string; count: number | undefined }) => (
  <>
    {word}
    {count !== undefined && count > 0 && <span className="tabular"> {count}</span>}
  </>
);

function LoadingRows() {
  return (
    <div role="status" aria-label="Loading reviews">
      {[62, 48, 55].map((width) => (
        <div key={width} className={styles.loading}>
          <Skeleton height={12} width={`${width}%`} />
          <Skeleton height={10} width={`${width - 20}%`} />
        </div>
      ))}
    </div>
  );
}

function Rows({ inbox, tab, selected, isNarrow }: Pick<InboxListProps, 'inbox' | 'tab' | 'selected' | 'isNarrow'>) {
  if (inbox.error && !inbox.loaded) return <ErrorState title="Couldn’t load reviews" error={inbox.error} retry={inbox.retry} />;
  if (!inbox.loaded) return <LoadingRows />;
  if (inbox.shown.length === 0) return isNarrow ? <NoReviews tab={tab} searching={inbox.search.trim() !== ''} /> : <p className={styles.quiet}>No reviews</p>;
  return (
    <ul className={styles.rows}>
      {inbox.shown.map((review: Review) => (
        <InboxRow key={review.id} review={review} selected={review.id === selected} />
      ))}
    </ul>
  );
}
