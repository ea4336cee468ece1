import { Button, Select } from '@mantine/core';
import { CALL_OUTCOMES, type RouteCall } from '@switchyard/shared/contracts/calls/route-calls.ts';
import type { Connection } from '@switchyard/shared/contracts/models.ts';
import type { Route } from '@switchyard/shared/contracts/routes.ts';
import { Link } from '@tanstack/react-router';
import { type CallFilters, useRouteCalls } from '../../../api/route-calls.ts';
import { ErrorState } from '../../../frame/error-state.tsx';
import { Cost, TimeAgo } from '../../../ui/figures.tsx';
import { formatDuration } from '../../../ui/format.ts';
import { reasonText } from '../figures/live-path.ts';
import styles from './calls.module.css';

const OUTCOMES: Readonly<Record<(typeof CALL_OUTCOMES)[number], string>> = { first: 'First choice', fallback: 'Fallback', failed: 'Failed' };
const SOURCES: Readonly<Record<RouteCall['source'], string>> = { run: 'Run', 'openai-api': 'Call over /v1', playground: 'Try', experiment: 'Grader' };

interface Props {
  readonly route: Route;
  readonly connections: readonly Connection[];
  readonly filters: CallFilters;
  readonly onFilter: (filters: CallFilters) => void;
}

/** The latest calls of a route, by target or outcome. Each links to its step. */
export function Calls({ route, connections, filters, onFilter }: Props) {
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useRouteCalls(route.name, filters);
  const nameOf = (id: string | null) => connections.find((known) => known.id === id)?.name ?? (id === null ? 'unknown connection' : 'a deleted connection');
  const targets = [...new Map(route.targets.map(({ connectionId, model }) => [`${connectionId}/${model}`, `${model} on ${nameOf(connectionId)}`]))];
  const set = (changes: { [K in keyof CallFilters]?: CallFilters[K] | undefined }) => {
    const { target, outcome } = { ...filters, ...changes };
    onFilter({ ...(target !== undefined && { target }), ...(outcome !== undefined && { outcome }) });
  };
  const calls = data?.pages.flatMap(({ items }) => items);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className={styles.calls} aria-label="Calls of the route" tabIndex={0}>
      <div className={styles.filters}>
        <Select
          aria-label="Target"
          size="xs"
          placeholder="All targets"
          clearable
          data={targets.map(([value, label]) => ({ value, label }))}
          value={filters.target ?? null}
          onChange={(target) => set({ target: target ?? undefined })}
        />
        <Select
          aria-label="Outcome"
          size="xs"
          placeholder="All outcomes"
          clearable
          data={CALL_OUTCOMES.map((value) => ({ value, label: OUTCOMES[value] }))}
          value={filters.outcome ?? null}
          onChange={(outcome) => set({ outcome: CALL_OUTCOMES.find((known) => known === outcome) })}
        />
      </div>
      {error && !data && <ErrorState title="Couldn’t load calls" error={error} retry={() => void refetch()} />}
      {calls?.length === 0 && (
        <p className={styles.quiet}>
          {filters.target === undefined && filters.outcome === undefined
            ? 'No calls yet. Calls of steps, of /v1, and of Try appear here.'
            : 'No calls match these filters.'}
        </p>
      )}
      {calls && calls.length > 0 && (
        <ol className={styles.list} aria-label="Calls">
          {calls.map((call) => (
            <CallLine key={call.id} call={call} connection={nameOf(call.connectionId)} />
          ))}
        </ol>
      )}
      {hasNextPage && (
        <Button size="xs" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show more
        </Button>
      )}
    </section>
  );
}

function CallLine({ call, connection }: { call: RouteCall; connection: string }) {
  const { at, runId, stepId, nodeKey, workflow, source, model, outcome, fallbackReason, error, attempts, latencyMs, inputTokens, outputTokens, costMicros } =
    call;
  const place = nodeKey ?? SOURCES[source];
  const why = error ?? fallbackReason;
  return (
    <li className={styles.call}>
      <TimeAgo at={at} />
      <span className={styles.place}>
        {runId === null ? (
          place
        ) : (
          <Link to="/runs/$id" params={{ id: runId }} search={stepId === null ? {} : { step: stepId }}>
            {place}
          </Link>
        )}
        {workflow && <span> {workflow.name ?? 'deleted workflow'}</span>}
      </span>
      <span className={styles.outcome} data-outcome={outcome ?? undefined}>
        {error !== null ? 'Failed' : outcome === null ? 'Answered' : OUTCOMES[outcome]}
        {why !== null && `: ${reasonText(why)}`}
      </span>
      <span className={styles.target}>
        {model} on {connection}
      </span>
      <span>{attempts === null ? '' : attempts === 1 ? '1 attempt' : `${attempts} attempts`}</span>
      <span>{latencyMs === null ? '–' : formatDuration(latencyMs)}</span>
      {inputTokens + outputTokens === 0 ? <span title="Nothing was generated">–</span> : <Cost micros={costMicros} short />}
    </li>
  );
}
