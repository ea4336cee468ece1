import { IconCpu, IconLayoutGrid, IconListDetails, IconSettings, IconSitemap } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { Mark } from './mark.tsx';
import styles from './rail.module.css';
import type { StaticPage } from './static-pages.ts';

const PAGES = [
  { to: '/workflows', label: 'Workflows', Icon: IconSitemap },
  { to: '/runs', label: 'Runs', Icon: IconListDetails },
  { to: '/templates', label: 'Templates', Icon: IconLayoutGrid },
  { to: '/models', label: 'Models', Icon: IconCpu },
] as const;

/** The slim bar of pages; at the foot of a narrow window. */
export function Rail() {
  return (
    <nav className={styles.rail} aria-label="Pages">
      <Link to="/" className={styles.mark} aria-label="Switchyard, start page">
        <Mark />
      </Link>
      {PAGES.map((page) => (
        <RailLink key={page.to} {...page} />
      ))}
      <div className={styles.space} />
      <RailLink to="/settings" label="Settings" Icon={IconSettings} />
    </nav>
  );
}

function RailLink({ to, label, Icon }: { to: StaticPage; label: string; Icon: typeof IconCpu }) {
  return (
    <Link to={to} className={styles.link} activeProps={{ 'data-active': true }}>
      <Icon size={20} stroke={1.6} aria-hidden />
      <span>{label}</span>
    </Link>
  );
}
