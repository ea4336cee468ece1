import type { SystemProcess } from '@switchyard/shared/contracts/system.ts';
import { TimeAgo } from '../ui/figures.tsx';
import { formatBytes, formatDuration } from '../ui/format.ts';
import { loadWords, processName, ROLE_LABELS, STATE_LABELS } from './system-labels.ts';
import styles from './system-page.module.css';

/** One row for each process. On a narrow window, the smaller figures are below the name. */
export function ProcessTable({ processes }: { processes: readonly SystemProcess[] }) {
  return (
    <div className={styles.frame}>
      <table className={styles.table}>
        <caption className="visually-hidden">Processes</caption>
        <thead>
          <tr>
            <th scope="col">Process</th>
            <th scope="col">State</th>
            <th scope="col">Driving</th>
            <th scope="col" className={styles.wide}>
              Memory
            </th>
            <th scope="col" className={styles.wide} title="The longest that the event loop was blocked in the last few seconds">
              Event loop lag
            </th>
            <th scope="col" className={styles.wide}>
              Version
            </th>
            <th scope="col" className={styles.wide}>
              Started
            </th>
          </tr>
        </thead>
        <tbody>
          {processes.map((process) => (
            <ProcessRow key={process.id} process={process} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ProcessRow({ process }: { process: SystemProcess }) {
  const { role, address, version, startedAt, state, answered } = process;
  const [memory, lag] = [memoryWords(process), lagWords(process)];
  return (
    <tr data-state={state}>
      <th scope="row">
        <span className={styles.process}>
          <code className={styles.name}>{processName(process)}</code>
          <span className={styles.tag}>{ROLE_LABELS[role]}</span>
          {answered && <span className={styles.about}>serves this page</span>}
        </span>
        {address !== null && <span className={styles.about}>{address}</span>}
        <span className={styles.narrow}>
          {memory !== UNKNOWN && `${memory}, lag ${lag}, `}version {version}, started <TimeAgo at={startedAt} />
        </span>
      </th>
      <td>
        <span className={styles.state} data-state={state} title={STATE_LABELS[state].title}>
          <i className={styles.dot} aria-hidden />
          {STATE_LABELS[state].label}
        </span>
      </td>
      <td>
        <Load process={process} />
      </td>
      <td className={styles.wide}>{memory}</td>
      <td className={styles.wide}>{lag}</td>
      <td className={styles.wide}>{version}</td>
      <td className={styles.wide}>
        <TimeAgo at={startedAt} />
      </td>
    </tr>
  );
}

const UNKNOWN = '–';
const memoryWords = ({ memoryBytes }: SystemProcess): string => (memoryBytes === null ? UNKNOWN : formatBytes(memoryBytes));
const lagWords = ({ lagMs }: SystemProcess): string => (lagMs === null ? UNKNOWN : formatDuration(lagMs));

function Load({ process }: { process: SystemProcess }) {
  const { role, driving, slots } = process;
  const share = slots === null || slots === 0 || role === 'web' ? undefined : Math.min(1, driving / slots);
  return (
    <span className={styles.load}>
      {loadWords(process)}
      {share !== undefined && (
        <span className={styles.bar} aria-hidden>
          <i style={{ width: `${share * 100}%` }} />
        </span>
      )}
    </span>
  );
}
