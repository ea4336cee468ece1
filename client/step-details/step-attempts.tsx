import { Duration } from '../ui/figures.tsx';
import classes from './step-details.module.css';
import type { AnyStep } from './step-words.ts';

/** Each try of a step: how long it took and why it failed. */
export function Attempts({ attempts }: { attempts: AnyStep['attempts'] }) {
  return (
    <ol className={classes.tries}>
      {attempts.map((attempt) => (
        <li key={attempt.number} className={classes.try}>
          <span>{attempt.number}</span>
          <span className={attempt.error ? classes.failed : undefined}>{attempt.error?.message ?? (attempt.endedAt ? 'Done' : 'Running')}</span>
          <Duration from={attempt.startedAt} to={attempt.endedAt} />
        </li>
      ))}
    </ol>
  );
}
