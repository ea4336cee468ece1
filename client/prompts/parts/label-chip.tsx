import styles from './label-chip.module.css';

/** A label and its version. The dot is green only for the production label. */
export function LabelChip({ label, version }: { label: string; version?: number }) {
  return (
    <span className={styles.chip} data-live={label === 'production' || undefined}>
      {label}
      {version !== undefined && <b> v{version}</b>}
    </span>
  );
}
