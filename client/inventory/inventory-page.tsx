import { Skeleton } from '@mantine/core';
import type { Inventory } from '@switchyard/shared/contracts/insight/inventory.ts';
import { Link } from '@tanstack/react-router';
import { useInventory } from '../api/audit-queries.ts';
import { ErrorState } from '../frame/error-state.tsx';
import { TopBar } from '../frame/top-bar.tsx';
import { TimeAgo } from '../ui/figures.tsx';
import { formatBytes } from '../ui/format.ts';
import { accessWords, keptWords, loggingWords, PLACES, retentionWords, runsWords } from './inventory-labels.ts';
import styles from './inventory-page.module.css';

/** Stored data, in all and by workflow: where, how long, and who may see it. */
export function InventoryPage() {
  const { data, error, refetch } = useInventory();
  return (
    <>
      <TopBar title="Data inventory" parent={{ to: '/settings', label: 'Settings' }} />
      {data ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <section className={styles.page} aria-label="Data inventory" tabIndex={0}>
          <InAll inventory={data} />
          <ByWorkflow inventory={data} />
        </section>
      ) : error ? (
        <ErrorState title="Couldn’t load data inventory" error={error} retry={() => void refetch()} />
      ) : (
        <div className={styles.page} role="status" aria-label="Loading the data inventory">
          <Skeleton height={320} mt={20} radius={10} />
        </div>
      )}
    </>
  );
}

function InAll({ inventory: { items } }: { inventory: Inventory }) {
  return (
    <section className={styles.section} aria-labelledby="in-all">
      <h2 id="in-all" className={styles.heading}>
        Stored data
      </h2>
      <p className={styles.lead}>
        All of it is in {PLACES[items[0]?.place ?? 'sqlite']}. The key that encrypts secrets is kept apart from it. Backups keep what they had when they were
        made.
      </p>
      <ul className={styles.list}>
        {items.map(({ kind, title, holds, kept, access, erasable, bytes }) => (
          <li key={kind} className={styles.item}>
            <div>
              <h3 className={styles.name}>{title}</h3>
              <p className={styles.text}>{holds}</p>
            </div>
            <dl className={styles.facts}>
              <dt>Kept</dt>
              <dd>{keptWords(kept)}</dd>
              <dt>Visible to</dt>
              <dd>{accessWords(access)}</dd>
              <dt>Size</dt>
              <dd>{bytes === 0 ? 'none' : `about ${formatBytes(bytes)}`}</dd>
              {erasable && (
                <>
                  <dt>Erasing a customer</dt>
                  <dd>removes it</dd>
                </>
              )}
            </dl>
          </li>
        ))}
      </ul>
    </section>
  );
}

function ByWorkflow({ inventory: { workflows, mostRuns, hasMore } }: { inventory: Inventory }) {
  return (
    <section className={styles.section} aria-labelledby="by-workflow">
      <h2 id="by-workflow" className={styles.heading}>
        By workflow
      </h2>
      {workflows.length === 0 ? (
        <p className={styles.lead}>No workflows yet.</p>
      ) : (
        <>
          <p className={styles.lead}>Change how long a workflow keeps its data, or erase one customer, under Policies.</p>
          <ul className={styles.list}>
            {workflows.map((workflow) => (
              <li key={workflow.workflowId} className={styles.item}>
                <div>
                  <h3 className={styles.name}>
                    <Link to="/workflows/$id/policies" params={{ id: workflow.workflowId }} dir="auto">
                      {workflow.name}
                    </Link>
                  </h3>
                  <p className={styles.text}>
                    {runsWords(workflow.runs, mostRuns)}
                    {workflow.oldestRunAt !== null && (
                      <>
                        , the oldest <TimeAgo at={workflow.oldestRunAt} />
                      </>
                    )}
                  </p>
                </div>
                <dl className={styles.facts}>
                  <dt>Logging</dt>
                  <dd>{loggingWords(workflow)}</dd>
                  <dt>Kept</dt>
                  <dd>{retentionWords(workflow)}</dd>
                </dl>
              </li>
            ))}
          </ul>
          {hasMore && <p className={styles.lead}>Only the most recently changed workflows are listed.</p>}
        </>
      )}
    </section>
  );
}
