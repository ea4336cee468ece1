import { Skeleton } from '@mantine/core';
import type { System } from '@switchyard/shared/contracts/system.ts';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useSystem } from '../api/system-queries.ts';
import { ErrorState } from '../frame/error-state.tsx';
import { TopBar } from '../frame/top-bar.tsx';
import { TimeAgo } from '../ui/figures.tsx';
import { RejectedList, SlowList } from './hour-lists.tsx';
import { ProcessTable } from './process-table.tsx';
import { QueueTable } from './queue-table.tsx';
import { ServiceList } from './service-list.tsx';
import { StorageSection } from './storage-section.tsx';
import { hasWorker, mixedVersions, silentWords } from './system-labels.ts';
import styles from './system-page.module.css';

/** Shows the processes, what they do, and what was rejected or slow. */
export function SystemPage() {
  const { data, error, refetch } = useSystem();
  return (
    <>
      <TopBar title="System" parent={{ to: '/settings', label: 'Settings' }} />
      {data ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <section className={styles.page} aria-label="System" tabIndex={0}>
          <Notes system={data} isStale={error !== null} />
          <Overview system={data} />
        </section>
      ) : error ? (
        <ErrorState title="Couldn’t load the system" error={error} retry={() => void refetch()} />
      ) : (
        <Loading />
      )}
    </>
  );
}

function Loading() {
  return (
    <div className={styles.page} role="status" aria-label="Loading the system">
      <Skeleton height={120} mt={20} radius={10} />
      <Skeleton height={90} mt={32} radius={10} />
    </div>
  );
}

/** What an operator must know first. Screen readers announce it once. */
function Notes({ system, isStale }: { system: System; isStale: boolean }) {
  const mixed = mixedVersions(system.processes);
  const silent = system.processes.filter(({ state }) => state === 'silent').length;
  const isConnected = system.database.state === 'connected';
  const isDriven = hasWorker(system.processes);
  return (
    <div role="status" className={styles.notes}>
      {isStale && (
        <Note>
          Couldn’t refresh. These figures are from <TimeAgo at={system.at} />.
        </Note>
      )}
      {mixed && <Note>Processes run versions {mixed}. Finish the update so that all of them run the same.</Note>}
      {silent > 0 && <Note>{silentWords(silent, isDriven)}</Note>}
      {!isDriven && isConnected && <Note>No live process drives runs, so they stay queued. Start one with ROLE=worker.</Note>}
      {!isConnected && <Note>The database is unavailable, so only the process that serves this page is shown.</Note>}
    </div>
  );
}

function Note({ children }: { children: ReactNode }) {
  return (
    <p className={styles.note}>
      <IconAlertTriangle size={16} stroke={1.7} aria-hidden />
      <span>{children}</span>
    </p>
  );
}

function Overview({ system }: { system: System }) {
  const { processes, refused, slow } = system;
  return (
    <>
      <Section id="processes" title="Processes">
        <ProcessTable processes={processes} />
      </Section>
      <Section id="queues" title="Queues" text="Runs that wait to be driven, by workflow.">
        <QueueTable />
      </Section>
      <Section id="services" title="Database and Redis">
        <ServiceList system={system} />
      </Section>
      <Section id="storage" title="Storage" text="Disk usage, estimated from a sample.">
        <StorageSection />
      </Section>
      <Section id="rejected" title="Rejected in the last hour" text="Requests that got an error instead of a response, by reason.">
        <RejectedList refused={refused} />
      </Section>
      <Section id="slow" title="Slow in the last hour" text="The slowest work of each kind.">
        <SlowList slow={slow} processes={processes} />
      </Section>
    </>
  );
}

function Section({ id, title, text, children }: { id: string; title: string; text?: string; children: ReactNode }) {
  return (
    <section aria-labelledby={id} className={styles.section}>
      <h2 id={id} className={styles.heading}>
        {title}
      </h2>
      {text && <p className={styles.lead}>{text}</p>}
      {children}
    </section>
  );
}
