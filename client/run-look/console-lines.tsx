import type { CodeCallRecord } from '@switchyard/shared/run/events.ts';
import { formatNumber } from '../ui/format.ts';
import classes from './console-lines.module.css';

/** What user code wrote to the console. */
export function ConsoleLines({ console: lines, leftOut = 0 }: Pick<CodeCallRecord, 'console' | 'leftOut'>) {
  return (
    <ol className={classes.lines} aria-label="Console">
      {lines.map(({ level, text }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity other than their position
        <li key={index} data-level={level}>
          {text}
        </li>
      ))}
      {leftOut > 0 && (
        <li className={classes.more}>
          {formatNumber(leftOut)} more {leftOut === 1 ? 'line' : 'lines'} not kept
        </li>
      )}
    </ol>
  );
}
