import { Button, Switch } from '@mantine/core';
import type { PromptVersion, PromptWithVersions } from '@switchyard/shared/contracts/prompts.ts';
import { IconLoader2, IconPlayerPlay, IconPlayerStopFilled } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { usePrompt, usePromptVersion, usePromptVersions, useRoutes } from '../../api/queries.ts';
import { ErrorState } from '../../frame/error-state.tsx';
import { PartLoading } from '../../frame/page-loading.tsx';
import { isOpen } from '../../tries/tries.ts';
import { formatCost } from '../../ui/format.ts';
import { usePromptDraft } from '../draft/use-prompt-draft.ts';
import { MovedStrip, useMovedLabel } from '../open/moved-strip.tsx';
import { PromoteStrip } from '../open/promote-strip.tsx';
import { type Column, columnKey } from '../parts/columns.ts';
import type { Sample } from '../try/samples.ts';
import { type Subject, tryRequest } from '../try/try-request.ts';
import { usePromptTries } from '../try/use-prompt-tries.ts';
import { useSamples } from '../try/use-samples.ts';
import { AddColumn } from './add-column.tsx';
import styles from './compare.module.css';
import { CompareTable } from './compare-table.tsx';
import { type Totals, totalsOf } from './totals.ts';

interface Props {
  readonly columns: readonly Column[];
  readonly onColumns: (columns: readonly Column[]) => void;
}

/** Compares versions of a prompt on routes, over its samples. */
export function CompareView({ name, ...more }: Props & { name: string }) {
  const prompt = usePrompt(name);
  const latest = usePromptVersion(name, prompt.data?.latestVersion ?? 0, prompt.isSuccess);
  const failed = [prompt, latest].find(({ error, data }) => error && !data);
  if (failed) return <ErrorState title={`Couldn’t load prompt “${name}”`} error={failed.error} retry={() => void failed.refetch()} />;
  if (!prompt.data || !latest.data) return <PartLoading />;
  return <Comparison prompt={prompt.data} latest={latest.data} {...more} />;
}

function Comparison({ prompt, latest, columns, onColumns }: Props & { prompt: PromptWithVersions; latest: PromptVersion }) {
  const draft = usePromptDraft(prompt.name, latest);
  const samples = useSamples(prompt.name);
  const { tries, shown, isRunning } = usePromptTries(prompt.name);
  const routes = (useRoutes().data ?? []).map((route) => route.name);
  const [marks, setMarks] = useState(true);
  const [promoted, setPromoted] = useState<number>();
  const [moved, setMoved] = useMovedLabel(prompt);
  const numbers = columns.flatMap(({ version }) => (version === 'draft' ? [] : [version]));
  const versions = usePromptVersions(prompt.name, numbers);
  const subjectOf = ({ version }: Column): Subject | undefined => {
    if (version === 'draft') return { version: undefined, content: draft.content };
    const content = versions.find(({ number }) => number === version);
    return content && { version, content };
  };
  const stateOf = (column: Column, sample: Sample) => shown.get(cellKey(column, sample));
  const run = () => {
    for (const sample of samples.list)
      for (const column of columns) {
        const subject = subjectOf(column);
        const request = subject && tryRequest(subject, sample, column.route);
        if (request) tries.start(cellKey(column, sample), request);
      }
  };
  const states = columns.flatMap((column) => samples.list.map((sample) => stateOf(column, sample)));
  const all = totalsOf(states);
  const ended = states.filter((state) => state && !isOpen(state)).length;
  const words = [`${ended} of ${states.length} answers`, costSoFar(all)].filter(Boolean).join(' · ');
  return (
    <section className={styles.page} aria-label={`Compare ${prompt.name}`}>
      <header className={styles.head}>
        <nav className={styles.crumbs} aria-label="Breadcrumbs">
          <Link to="/prompts" search={{}} className={styles.back}>
            Prompts
          </Link>
          <span aria-hidden>/</span>
          <Link to="/prompts" search={{ prompt: prompt.name }} className={styles.crumb}>
            {prompt.name}
          </Link>
          <span aria-hidden>/</span>
          <h1 className={styles.title}>Compare</h1>
        </nav>
        <p className={styles.state} data-running={isRunning || undefined}>
          {isRunning && <IconLoader2 size={15} stroke={1.7} className={styles.spin} aria-hidden />}
          {states.some(Boolean) && words}
        </p>
        <p className="visually-hidden" role="status">
          {states.some(Boolean) && !isRunning ? `Comparison ended: ${words}` : ''}
        </p>
        <div className={styles.actions}>
          <Switch label="Mark differences" checked={marks} onChange={(event) => setMarks(event.currentTarget.checked)} />
          <AddColumn
            columns={columns}
            versions={[...(draft.isChanged ? (['draft'] as const) : []), ...prompt.versions.map(({ number }) => number)]}
            routes={routes}
            onAdd={(column) => onColumns([...columns, column])}
          />
          {isRunning ? (
            <Button leftSection={<IconPlayerStopFilled size={15} />} onClick={tries.stop}>
              Stop
            </Button>
          ) : (
            <Button variant="filled" leftSection={<IconPlayerPlay size={16} stroke={1.8} />} disabled={columns.length === 0} onClick={run}>
              Run all
            </Button>
          )}
        </div>
      </header>
      <CompareTable
        prompt={prompt}
        content={draft.content}
        columns={columns}
        samples={samples}
        stateOf={stateOf}
        marks={marks}
        onColumns={onColumns}
        onPromote={setPromoted}
      />
      {moved && <MovedStrip name={prompt.name} moved={moved} onClose={() => setMoved(undefined)} />}
      {promoted !== undefined && (
        <div className={styles.promote}>
          <PromoteStrip key={promoted} prompt={prompt} version={promoted} onMoved={setMoved} onClose={() => setPromoted(undefined)} />
        </div>
      )}
    </section>
  );
}

const costSoFar = ({ done, costMicros }: Totals): string => {
  if (done === 0) return '';
  return costMicros === null ? 'unknown price' : costMicros === 0 ? 'free' : `${formatCost(costMicros)} so far`;
};

const cellKey = (column: Column, sample: Sample): string => `${sample.id} ${columnKey(column)}`;
