import { useNodeSamples } from '../../open-workflow/samples/shown-paths.ts';
import styles from './sample-row.module.css';

/** The bottom row of a card while the paths of all samples are shown: how many went through it, and how many failed there. */
export function SampleRow({ nodeId }: { nodeId: string }) {
  const samples = useNodeSamples(nodeId);
  if (!samples || samples.total === 0) return null;
  const { count, failed, total } = samples;
  const share = (part: number) => ({ width: `${(100 * part) / total}%` });
  return (
    <div className={styles.row} data-none={count === 0 || undefined}>
      <span className={styles.bar} aria-hidden>
        <i style={share(count - failed)} />
        <i data-failed style={share(failed)} />
      </span>
      <span className={styles.words}>
        {failed > 0 && <b>{failed} failed · </b>}
        {count} of {total}
        <span className="visually-hidden"> samples</span>
      </span>
    </div>
  );
}
