import type { Storage } from '@switchyard/shared/contracts/controls/storage.ts';
import { Link } from '@tanstack/react-router';
import { useApplyRetention, useStorage } from '../api/system-queries.ts';
import { ConfirmButton } from '../ui/confirm/confirm-button.tsx';
import { formatBytes } from '../ui/format.ts';
import { messageOf } from '../ui/message-of.ts';
import { showDone, showFailure } from '../ui/toast.tsx';
import { keepsWords, PART_LABELS, removedWords, totalWords } from './storage-labels.ts';
import styles from './storage-section.module.css';
import page from './system-page.module.css';

/** What uses the disk, by kind and by workflow, and what would free it. */
export function StorageSection() {
  const { data, error } = useStorage();
  if (!data) return <p className={page.calm}>{error ? `Couldn’t load disk usage. ${messageOf(error)}` : 'Loading…'}</p>;
  return (
    <>
      <Parts storage={data} />
      {data.workflows.length > 0 && <WorkflowSizes storage={data} />}
      <Freeing storage={data} />
    </>
  );
}

function Parts({ storage }: { storage: Storage }) {
  const shown = storage.parts.filter(({ bytes }) => bytes > 0);
  const whole = shown.reduce((sum, { bytes }) => sum + bytes, 0);
  return (
    <div className={styles.parts}>
      <p className={styles.sum}>{totalWords(storage)}</p>
      <div className={styles.bar} aria-hidden>
        {shown.map(({ part, bytes }) => (
          <i key={part} data-part={part} style={{ flexGrow: bytes / whole }} />
        ))}
      </div>
      <ul className={styles.legend} aria-label="Storage by kind">
        {shown.map(({ part, bytes }) => (
          <li key={part}>
            <i data-part={part} aria-hidden />
            <span>{PART_LABELS[part]}</span>
            <b>{formatBytes(bytes)}</b>
          </li>
        ))}
      </ul>
    </div>
  );
}

function WorkflowSizes({ storage: { workflows } }: { storage: Storage }) {
  return (
    <div className={page.frame}>
      <table className={page.table}>
        <caption className="visually-hidden">Storage by workflow, largest first</caption>
        <thead>
          <tr>
            <th scope="col">Workflow</th>
            <th scope="col" className={page.wide}>
              Keeps
            </th>
            <th scope="col" className={page.number}>
              About
            </th>
          </tr>
        </thead>
        <tbody>
          {workflows.map((workflow) => (
            <tr key={workflow.workflowId}>
              <th scope="row">
                {workflow.name === null ? (
                  'Deleted workflow'
                ) : (
                  <Link to="/workflows/$id/policies" params={{ id: workflow.workflowId }} className={page.workflow} title="Change retention" dir="auto">
                    {workflow.name}
                  </Link>
                )}
                <span className={page.narrow}>{keepsWords(workflow)}</span>
              </th>
              <td className={page.wide}>{keepsWords(workflow)}</td>
              <td className={page.number}>{formatBytes(workflow.bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Freeing({ storage: { kind, parts } }: { storage: Storage }) {
  const apply = useApplyRetention();
  const free = parts.find(({ part }) => part === 'free')?.bytes ?? 0;
  const run = () =>
    apply.mutate(undefined, { onSuccess: (result) => showDone(removedWords(result)), onError: (thrown) => showFailure('Couldn’t apply retention', thrown) });
  return (
    <div className={styles.freeing}>
      <p>
        A workflow’s <b>Policies</b> say how long it keeps payloads and journals, and preview what a change removes. Old data is removed once an hour.
        {free > 0 && ` ${formatBytes(free)} are free in the database and used again before it grows.`}
        {kind === 'sqlite' && (
          <>
            {' To return free space to the disk, stop the server and run '}
            <code>pnpm switchyard compact</code>.
          </>
        )}
      </p>
      <ConfirmButton
        question="Removes everything past its workflow’s retention now, instead of within the hour. This can’t be undone."
        busy={apply.isPending}
        onConfirm={run}
      >
        Apply retention now
      </ConfirmButton>
    </div>
  );
}
