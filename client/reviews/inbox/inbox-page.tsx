import { useMediaQuery } from '@mantine/hooks';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { OfflineStrip } from '../../frame/offline-strip.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { InboxList } from './inbox-list.tsx';
import styles from './inbox-page.module.css';
import { InboxReview } from './inbox-review.tsx';
import type { InboxSearch, Tab } from './inbox-search.ts';
import { NoReviews } from './no-reviews.tsx';
import { type Inbox, useInbox } from './use-inbox.ts';

/** Reviews: the list, and the open review beside it. A narrow window shows one of the two. */
export function InboxPage() {
  const search = useSearch({ from: '/inbox' });
  const navigate = useNavigate({ from: '/inbox' });
  const tab = search.tab ?? 'mine';
  const inbox = useInbox(tab);
  const isWide = useMediaQuery('(min-width: 900px)', true, { getInitialValueInEffect: false });
  const shown = search.task ?? (isWide ? inbox.shown[0]?.id : undefined);
  const go = (changes: InboxSearch) => void navigate({ search: (before) => ({ ...before, ...changes }), replace: true });
  useListKeys(inbox, shown, (id) => go({ task: id }));
  const place = inbox.shown.findIndex(({ id }) => id === shown);
  return (
    <div className={styles.page} data-open={search.task !== undefined || undefined}>
      <InboxList
        inbox={inbox}
        tab={tab}
        selected={shown}
        isNarrow={!isWide}
        onTab={(next) => void navigate({ search: next === 'mine' ? {} : { tab: next }, replace: true })}
      />
      <div className={styles.review} data-covers-rail={search.task !== undefined || undefined}>
        <OfflineStrip text="Offline. Your edits are saved in this browser." />
        {shown === undefined ? (
          <NothingOpen inbox={inbox} tab={tab} />
        ) : (
          <InboxReview
            key={shown}
            id={shown}
            place={place < 0 ? undefined : `${place + 1} of ${inbox.shown.length}`}
            next={(inbox.shown[place + 1] ?? inbox.shown.find(({ id }) => id !== shown))?.id}
            onOpen={(id) => go({ task: id })}
            onBack={() => void navigate({ search: tab === 'mine' ? {} : { tab } })}
          />
        )}
      </div>
    </div>
  );
}

function NothingOpen({ inbox, tab }: { inbox: Inbox; tab: Tab }) {
  if (!inbox.loaded) return null;
  if (inbox.shown.length === 0) return <NoReviews tab={tab} searching={inbox.search.trim() !== ''} />;
  return <EmptyState title="No review selected" text="Select one, or press J and K to move through the list." />;
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.matches('input, textarea, select, [role="radio"]') || target.isContentEditable);
const STEPS: Readonly<Record<string, number>> = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

/** J and K, or the arrow keys, move through the list. Enter moves into the review. */
function useListKeys(inbox: Inbox, shown: string | undefined, open: (id: string) => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target) || document.querySelector('[role="dialog"]'))
        return;
      const step = STEPS[event.key];
      if (step === undefined) return;
      const place = inbox.shown.findIndex(({ id }) => id === shown);
      const next = inbox.shown[place < 0 ? 0 : Math.min(inbox.shown.length - 1, Math.max(0, place + step))];
      if (!next) return;
      event.preventDefault();
      open(next.id);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  });
}
