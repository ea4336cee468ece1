import type { TriedCode } from '@switchyard/shared/contracts/code.ts';
import { ConsoleLines } from '../../run-look/console-lines.tsx';
import { JsonView } from '../../run-look/json-view.tsx';
import { formatDuration } from '../../ui/format.ts';
import classes from './script.module.css';

/** What a test of code returned and wrote. */
export function TriedResult({ result, isCurrent }: { result: TriedCode; isCurrent: boolean }) {
  const { output, error, console, leftOut, ms } = result;
  return (
    <section className={classes.result} aria-label="Test result" aria-live="polite">
      <p className={classes.figures}>
        {error ? 'Failed' : 'Succeeded'} in {formatDuration(ms)}
        {!isCurrent && ', before your last edit'}
      </p>
      {error ? <p className={classes.error}>{error.message}</p> : <JsonView value={output ?? null} label="Output of the test" />}
      {console.length > 0 && <ConsoleLines console={console} leftOut={leftOut} />}
    </section>
  );
}
