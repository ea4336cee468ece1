import styles from './item-bar.module.css';

interface Counts {
  readonly count: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly open: number;
}

/** The items of a for-each step in each state, as parts of a bar. `height` in px. */
export function ItemBar({ items, height }: { items: Counts | undefined; height: number }) {
  const share = (count: number) => ({ width: `${(100 * count) / Math.max(1, items?.count ?? 1)}%` });
  return (
    <div className={styles.bar} style={{ height }} aria-hidden>
      {items && (
        <>
          <i data-tone="succeeded" style={share(items.succeeded)} />
          <i data-tone="failed" style={share(items.failed)} />
          <i data-tone="running" style={share(items.open)} />
        </>
      )}
    </div>
  );
}
