import {
  IconChartBar,
  IconChartLine,
  IconCpu,
  IconDots,
  IconFileText,
  IconFlask,
  IconInbox,
  IconLayoutGrid,
  IconListDetails,
  IconSettings,
  IconSitemap,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { Mark } from '../frame/mark.tsx';
import type { StaticPage } from '../frame/static-pages.ts';
import { useLiveReviews } from '../live/review-queries.ts';
import { useMineCount } from '../reviews/inbox/use-inbox.ts';
import styles from './rail.module.css';

const PAGES = [
  { to: '/workflows', label: 'Workflows', Icon: IconSitemap },
  { to: '/runs', label: 'Runs', Icon: IconListDetails },
  { to: '/inbox', label: 'Inbox', Icon: IconInbox },
  { to: '/templates', label: 'Templates', Icon: IconLayoutGrid },
] as const;

/** Behind “More” in a narrow window. */
const MORE_PAGES = [
  { to: '/prompts', label: 'Prompts', Icon: IconFileText },
  { to: '/models', label: 'Models', Icon: IconCpu },
  { to: '/usage', label: 'Usage', Icon: IconChartBar },
  { to: '/evaluate', label: 'Evaluate', Icon: IconFlask },
  { to: '/insight', label: 'Insight', Icon: IconChartLine },
] as const;

/** The navigation rail, at the bottom of a narrow window. */
export function Rail() {
  useLiveReviews();
  const waiting = useMineCount();
  const more = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const wide = window.matchMedia('(min-width: 641px)');
    const close = () => more.current?.hidePopover();
    wide.addEventListener('change', close);
    return () => wide.removeEventListener('change', close);
  }, []);
  return (
    <nav className={styles.rail} aria-label="Pages">
      <Link to="/" className={styles.mark} aria-label="Switchyard home">
        <Mark />
      </Link>
      {PAGES.map((page) => (
        <RailLink key={page.to} {...page} count={page.to === '/inbox' ? waiting : 0} />
      ))}
      <button type="button" className={styles.moreButton} popoverTarget="more-pages">
        <IconDots size={20} stroke={1.6} aria-hidden />
        <span>More</span>
      </button>
      {/* A popover only in a narrow window: otherwise its links are part of the rail. */}
      <div id="more-pages" ref={more} popover="auto" className={styles.more} onClickCapture={() => more.current?.hidePopover()}>
        {MORE_PAGES.map((page) => (
          <RailLink key={page.to} {...page} />
        ))}
        <div className={styles.space} />
        <RailLink to="/settings" label="Settings" Icon={IconSettings} />
      </div>
    </nav>
  );
}

interface RailLinkProps {
  readonly to: StaticPage;
  readonly label: string;
  readonly Icon: typeof IconCpu;
  readonly count?: number;
}

function RailLink({ to, label, Icon, count = 0 }: RailLinkProps) {
  return (
    <Link to={to} className={styles.link} activeProps={{ 'data-active': true }}>
      <Icon size={20} stroke={1.6} aria-hidden />
      <span>{label}</span>
      {count > 0 && (
        <span className={styles.count}>
          {count > 99 ? '99+' : count}
          <span className="visually-hidden"> waiting for you</span>
        </span>
      )}
    </Link>
  );
}
