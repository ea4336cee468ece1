import { CloseButton } from '@mantine/core';
import { BILL_GROUPS, type BillDifference, type BillGroup } from '@switchyard/shared/contracts/bill-of-materials.ts';
import { billDifferences, billItems } from '@switchyard/shared/run/bill-differences.ts';
import { Link } from '@tanstack/react-router';
import { useBillOfMaterials, useRun } from '../api/queries.ts';
import { ErrorState } from '../frame/error-state.tsx';
import { PageLoading } from '../frame/page-loading.tsx';
import { shortId, versionLabel } from '../run-look/run-labels.ts';
import { StatusMark } from '../run-look/status-mark.tsx';
import { CostSum, Duration, TimeAgo } from '../ui/figures.tsx';
import styles from './bill.module.css';
import { BillGroups } from './bill-groups.tsx';
import { billText, GROUP_LABELS, itemLabel } from './bill-text.ts';

interface RunComparisonProps {
  readonly before: string;
  readonly after: string;
  readonly onClose: () => void;
}

/** What differs between two runs, grouped. Equal groups are collapsed. */
export function RunComparison({ before, after, onClose }: RunComparisonProps) {
  const [one, two] = [useBillOfMaterials(before), useBillOfMaterials(after)];
  const error = one.error ?? two.error;
  return (
    <section className={styles.comparison} aria-label="Comparison of two runs">
      <header className={styles.head}>
        <h2>Compare runs</h2>
        <CloseButton aria-label="Close comparison" onClick={onClose} />
      </header>
      <div className={styles.runs}>
        <RunHead id={before} side="Before" />
        <RunHead id={after} side="After" />
      </div>
      {one.data && two.data ? (
        <Groups differences={billDifferences(one.data, two.data)} equal={BILL_GROUPS.map((group) => [group, billItems(one.data)[group]])} />
      ) : error ? (
        <ErrorState title="Couldn’t compare runs" error={error} />
      ) : (
        <PageLoading />
      )}
    </section>
  );
}

function RunHead({ id, side }: { id: string; side: string }) {
  const { data: run } = useRun(id);
  return (
    <div className={styles.run}>
      <span className={styles.side}>{side}</span>
      <Link to="/runs/$id" params={{ id }} title={id}>
        Run {shortId(id)}
      </Link>
      {run && (
        <>
          <StatusMark status={run.status} />
          <span>
            {run.workflowName}, {versionLabel(run.version)}
          </span>
          <span>
            <Duration from={run.startedAt} to={run.endedAt} /> · <CostSum of={run} demo={run.demo} />
          </span>
          <TimeAgo at={run.createdAt} />
        </>
      )}
    </div>
  );
}

interface GroupsProps {
  readonly differences: readonly BillDifference[];
  /** All groups with the items of the earlier run. */
  readonly equal: readonly (readonly [BillGroup, ReadonlyMap<string, unknown>])[];
}

function Groups({ differences, equal }: GroupsProps) {
  const byGroup = Map.groupBy(differences, ({ group }) => group);
  const same = equal.filter(([group, items]) => !byGroup.has(group) && items.size > 0);
  return (
    <>
      <p className={styles.summary} role="status">
        {differences.length === 0 ? 'Nothing differs.' : `${byGroup.size} of ${byGroup.size + same.length} groups differ.`}
      </p>
      {[...byGroup].map(([group, items]) => (
        <DifferentGroup key={group} group={group} items={items} />
      ))}
      {same.length > 0 && (
        <details className={styles.same}>
          <summary>
            {same.length} {same.length === 1 ? 'group is' : 'groups are'} the same
          </summary>
          <BillGroups groups={same} />
        </details>
      )}
    </>
  );
}

function DifferentGroup({ group, items }: { group: BillGroup; items: readonly BillDifference[] }) {
  return (
    <section className={styles.different} aria-label={GROUP_LABELS[group]}>
      <h3>{GROUP_LABELS[group]}</h3>
      <dl>
        {items.map(({ item, before, after }) => (
          <div key={item}>
            <dt>{itemLabel(group, item)}</dt>
            <dd>
              {before === null ? <span>–</span> : <del>{billText(group, item, before)}</del>}
              {after === null ? <span>–</span> : <ins>{billText(group, item, after)}</ins>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
