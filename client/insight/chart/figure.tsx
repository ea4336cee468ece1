import type { ReactNode } from 'react';
import type { Change } from '../common/words.ts';
import styles from './chart.module.css';

/** A change against the time before, green or red if it is better or worse. */
export const ChangeWords = ({ change }: { change: Change | undefined }) =>
  change ? (
    <span className={styles.change} data-better={change.isBetter === undefined ? undefined : String(change.isBetter)}>
      {change.text}
    </span>
  ) : null;

interface FigureProps {
  readonly label: string;
  readonly value: string;
  readonly change?: Change | undefined;
  /** After the value, for example a count of too few samples. */
  readonly note?: ReactNode;
  readonly children?: ReactNode;
}

/** The figure at the left of a row. */
export function Figure({ label, value, change, note, children }: FigureProps) {
  return (
    <div className={styles.figure}>
      <h2>{label}</h2>
      <p className={styles.value}>
        <b>{value}</b> <ChangeWords change={change} /> {note}
      </p>
      {children}
    </div>
  );
}
