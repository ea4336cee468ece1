import {
  IconChartBar,
  IconChartLine,
  IconCpu,
  IconFileText,
  IconFlask,
  IconInbox,
  IconLayoutGrid,
  IconListDetails,
  IconSettings,
  IconSitemap,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
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
  return (
    <nav className={styles.rail} aria-label="Pages">
      <Link to="/" className={styles.mark} aria-label="Switchyard home">
        <Mark />
      </Link>
      {PAGES.map((page) => (
        <RailLink key={page.to} {...page} count={page.to === '/inbox' ? waiting : 0} />
      ))}
      <div className={styles.space} />
      <RailLink to="/settings" label="Settings" Icon={IconSettings} />
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
