import { Link } from '@tanstack/react-router';
import styles from './evaluate-tabs.module.css';

const TABS = [
  { to: '/evaluate/datasets', label: 'Datasets' },
  { to: '/evaluate/experiments', label: 'Experiments' },
  { to: '/evaluate/corrections', label: 'Corrections' },
] as const;

/** The parts of Evaluate, in the top bar of each. */
export function EvaluateTabs() {
  return (
    <nav className={styles.tabs} aria-label="Evaluate">
      {TABS.map(({ to, label }) => (
        <Link key={to} to={to} className={styles.tab} activeProps={{ 'data-active': true }}>
          {label}
        </Link>
      ))}
    </nav>
  );
}
