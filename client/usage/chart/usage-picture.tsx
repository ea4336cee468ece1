import { Button, SegmentedControl, Skeleton } from '@mantine/core';
import type { UsageRow } from '@switchyard/shared/contracts/money.ts';
import { IconAlertTriangle } from '@tabler/icons-react';
import { type UsageQuery, useUsage } from '../../api/usage-queries.ts';
import { daysTitle } from '../../frame/day-range.ts';
import { ErrorState } from '../../frame/error-state.tsx';
import { ButtonLink } from '../../ui/button-link.tsx';
import { classes } from '../../ui/class-names.ts';
import { useSlowNow } from '../../ui/clock.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { callWords } from '../../ui/format.ts';
import { periodBefore, type UsageRange } from '../range/usage-range.ts';
import { GROUPINGS, type Grouping } from '../range/usage-search.ts';
import { CostChart } from './cost-chart.tsx';
import { type Before, GROUPING_WORDS, GroupTable } from './group-table.tsx';
import shades from './shades.module.css';
import { UnknownPrices } from './unknown-prices.tsx';
import styles from './usage-picture.module.css';
import { barsOf, callsNote, costWords, groupsOf, measureOf, type Sum, totalOf } from './usage-sums.ts';

interface Props {
  readonly query: UsageQuery;
  readonly by: Grouping;
  readonly range: UsageRange;
  readonly onGroup: (by: Grouping) => void;
  /** Defined while filters are set. */
  readonly onClear: (() => void) | undefined;
}

/** The sum, the bars, and the table beside them. A tab regroups both. */
export function UsagePicture({ query, by, range, onGroup, onClear }: Props) {
  const { data, error, refetch, isPlaceholderData } = useUsage(query);
  if (error && !data) {
    return (
      <div className={styles.lone}>
        <ErrorState title="Couldn’t load usage" error={error} retry={() => void refetch()} />
      </div>
    );
  }
  if (!data) return <Loading />;
  if (data.items.length === 0) return <NoCalls range={range} onClear={onClear} />;
  return (
    <div className={classes(styles.picture, shades.shades)} aria-busy={isPlaceholderData}>
      <Usage items={data.items} complete={data.complete} query={query} by={by} range={range} onGroup={onGroup} />
    </div>
  );
}

/** The groups of the period before the range, once loaded. Undefined if they could not all be summed. */
function useBefore(query: UsageQuery, by: Grouping, range: UsageRange): Before | undefined {
  const period = periodBefore(range, useSlowNow());
  const { data, isPlaceholderData } = useUsage({ ...query, ...period });
  if (!data?.complete || isPlaceholderData) return undefined;
  return { groups: groupsOf(data.items, by), title: daysTitle({ from: period.from.slice(0, 10), to: period.to.slice(0, 10) }) };
}

function Usage({ items, complete, query, by, range, onGroup }: Omit<Props, 'onClear'> & { items: readonly UsageRow[]; complete: boolean }) {
  const before = useBefore(query, by, range);
  const groups = groupsOf(items, by);
  const total = totalOf(groups);
  const measure = measureOf(total);
  return (
    <>
      <section className={styles.chart} aria-label="Chart">
        <div className={styles.head}>
          <Headline total={total} span={range.span} />
          <SegmentedControl
            className={styles.tabs}
            size="xs"
            aria-label="Group by"
            data={GROUPINGS.map((value) => ({ value, label: GROUPING_WORDS[value] }))}
            value={by}
            onChange={(value) => onGroup(value as Grouping)}
          />
        </div>
        {!complete && (
          <p className={styles.warning}>
            <IconAlertTriangle size={16} stroke={1.7} aria-hidden />
            This range has more calls than can be summed at once, so later ones are missing. Choose a shorter range.
          </p>
        )}
        <CostChart bars={barsOf(items, groups, range.starts, measure)} groups={groups} range={range} measure={measure} />
        {measure === 'calls' && <p className={styles.note}>{callsNote(total)}</p>}
      </section>
      <section className={styles.table} aria-label="Table">
        <GroupTable groups={groups} by={by} measure={measure} before={complete ? before : undefined} />
        {total.unknownPrice > 0 && <UnknownPrices query={query} />}
      </section>
    </>
  );
}

function Headline({ total, span }: { total: Sum; span: string }) {
  const { calls, unknownPrice } = total;
  const unknown = unknownPrice > 0 && unknownPrice < calls ? `, and ${callWords(unknownPrice)} of unknown price` : '';
  return (
    <p className={styles.headline}>
      <b>{costWords(total)}</b> {unknownPrice === calls ? `price of ${callWords(calls)} ${span}` : `${span}${unknown}`}
    </p>
  );
}

function NoCalls({ range, onClear }: Pick<Props, 'range' | 'onClear'>) {
  return (
    <div className={styles.lone}>
      {onClear ? (
        <EmptyState
          title={`No model calls match ${range.span}`}
          text="Widen the range or remove a filter."
          action={<Button onClick={onClear}>Clear filters</Button>}
        />
      ) : (
        <EmptyState
          title={`No model calls ${range.span}`}
          text="Each model call is counted here with its tokens and cost, by workflow, tenant, model, prompt, or route."
          action={
            <ButtonLink variant="filled" to="/workflows">
              Open a workflow and run it
            </ButtonLink>
          }
        />
      )}
    </div>
  );
}

const WAITING_BARS = [52, 56, 60, 62, 30, 28, 64, 66, 70, 72, 76, 34, 32, 80];

function Loading() {
  return (
    <div className={styles.picture} role="status" aria-label="Loading usage">
      <div className={styles.chart}>
        <Skeleton height={22} width="40%" />
        <div className={styles.bars}>
          {WAITING_BARS.map((height, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: places without content
            <Skeleton key={index} height={`${height}%`} />
          ))}
        </div>
      </div>
      <div className={styles.table}>
        {[90, 80, 70, 60].map((width) => (
          <Skeleton key={width} height={14} width={`${width}%`} my={15} />
        ))}
      </div>
    </div>
  );
}
