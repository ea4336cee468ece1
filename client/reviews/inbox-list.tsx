import { SegmentedControl, TextInput } from '@mantine/core';
import type { Review } from '@switchyard/shared/contracts/reviews.ts';
import { IconSearch, IconSortAscending } from '@tabler/icons-react';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import styles from './inbox-list.module.css';
import { InboxRow } from './inbox-row.tsx';
import type { Tab } from './inbox-search.ts';
import type { Inbox } from './use-inbox.ts';
import { WhoAmI } from './who-am-i.tsx';

interface InboxListProps {
  readonly inbox: Inbox;
  readonly tab: Tab;
  readonly onTab: (tab: Tab) => void;
  readonly selected: string | undefined;
}

/** The list of tasks: whose, search, order, rows. */
export function InboxList({ inbox, tab, onTab, selected }: InboxListProps) {
  return (
    <section className={styles.list} aria-label="Tasks">
      <header className={styles.head}>
        <div className={styles.top}>
          <h1 className={styles.title}>Inbox</h1>
          <SegmentedControl
            aria-label="Which tasks"
            value={tab}
            onChange={(value) => onTab(value as Tab)}
            data={[
              { value: 'mine', label: <Count word="Mine" count={inbox.mine} /> },
              { value: 'all', label: <Count word="All" count={inbox.all} /> },
              { value: 'done', label: 'Done' },
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
      <Rows inbox={inbox} tab={tab} selected={selected} />
    </section>
  );
}

const Count = ({ word, count }: { word: string; count: number | undefined }) => (
  <>
    {word}
    {count !== undefined && count > 0 && <span className="tabular"> {count}</span>}
  </>
);

function Rows({ inbox, tab, selected }: Pick<InboxListProps, 'inbox' | 'tab' | 'selected'>) {
  if (inbox.error && !inbox.loaded) return <ErrorState title="The tasks could not be loaded" error={inbox.error} retry={inbox.retry} />;
  if (!inbox.loaded) return <p className={styles.quiet}>Loading …</p>;
  if (inbox.shown.length === 0) return <Nothing tab={tab} searching={inbox.search.trim() !== ''} />;
  return (
    <ul className={styles.rows}>
      {inbox.shown.map((review: Review) => (
        <InboxRow key={review.id} review={review} selected={review.id === selected} />
      ))}
    </ul>
  );
}

function Nothing({ tab, searching }: { tab: Tab; searching: boolean }) {
  if (searching) return <EmptyState title="No task has these words" text="Search goes through titles, workflows, texts and drafts." />;
  if (tab === 'done') return <EmptyState title="Nothing decided yet" text="Decided tasks stay here, with who decided and what was changed." />;
  return (
    <EmptyState
      title="Nothing waits for you"
      text="When a run reaches a human review, its task comes here by itself. The run goes on as soon as somebody has decided."
    />
  );
}
