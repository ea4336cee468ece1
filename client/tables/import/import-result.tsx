import { Progress } from '@mantine/core';
import { SendError } from '../../frame/send-error.tsx';
import { formatNumber } from '../../ui/format.ts';
import styles from './import.module.css';
import type { ImportProgress } from './run-import.ts';

interface ResultProps {
  readonly progress: ImportProgress | undefined;
  readonly error: unknown;
  readonly isRunning: boolean;
}

/** How far an import is, and which lines failed. */
export function ImportResult({ progress, error, isRunning }: ResultProps) {
  return (
    <>
      {progress && <Counts progress={progress} isRunning={isRunning} />}
      <SendError error={error} />
      {progress && progress.errors.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <section className={styles.errors} aria-label="Lines that were not imported" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">Line</th>
                <th scope="col">Problem</th>
              </tr>
            </thead>
            <tbody>
              {progress.errors.map(({ line, message }) => (
                <tr key={line}>
                  <td>{line}</td>
                  <td>{message}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {progress.failed > progress.errors.length && <p>and {formatNumber(progress.failed - progress.errors.length)} more</p>}
        </section>
      )}
    </>
  );
}

function Counts({ progress: { done, total, added, updated, skipped, failed }, isRunning }: { progress: ImportProgress; isRunning: boolean }) {
  const counts = [
    `${formatNumber(added)} added`,
    ...(updated > 0 ? [`${formatNumber(updated)} updated`] : []),
    ...(skipped > 0 ? [`${formatNumber(skipped)} skipped`] : []),
    ...(failed > 0 ? [`${formatNumber(failed)} not imported`] : []),
  ];
  return (
    <>
      <Progress value={total === 0 ? 100 : (done / total) * 100} aria-label="Progress of the import" />
      <p role="status">
        {isRunning || done < total ? `${formatNumber(done)} of ${formatNumber(total)} rows: ` : 'Done: '}
        {counts.join(', ')}
      </p>
    </>
  );
}
