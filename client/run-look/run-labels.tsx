import { Link } from '@tanstack/react-router';
import styles from './run-labels.module.css';

/** The labels of a run, each linked to the runs that share it. */
export function RunLabels({ labels, quiet = false }: { labels: Readonly<Record<string, string>>; quiet?: boolean }) {
  const entries = Object.entries(labels);
  if (entries.length === 0) return null;
  return (
    <span className={styles.labels} data-quiet={quiet || undefined}>
      {entries.map(([name, value]) => (
        <Link
          key={name}
          from="/runs"
          to="/runs"
          search={(before) => ({ ...before, label: `${name}:${value}` })}
          className={styles.label}
          title={`Runs with ${name}: ${value}`}
        >
          {name}: <bdi>{value}</bdi>
        </Link>
      ))}
    </span>
  );
}
