import { Button } from '@mantine/core';
import type { ReleaseShadow, WorkflowRelease } from '@switchyard/shared/contracts/evaluation/releases.ts';
import { OUTCOMES } from '@switchyard/shared/contracts/evaluation/replays.ts';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { usePutRelease } from '../../api/evaluation/release-queries.ts';
import { useVersions } from '../../api/queries.ts';
import { OUTCOME_LOOKS } from '../../run-look/replay/replay-looks.ts';
import { TimeAgo } from '../../ui/figures.tsx';
import { formatCost, formatNumber } from '../../ui/format.ts';
import { showFailure } from '../../ui/toast.tsx';
import { DifferingRuns } from './differing-runs.tsx';
import { ShadowForm } from './shadow-form.tsx';
import styles from './shadow-panel.module.css';

/** The version that runs on live inputs without answering, and how its runs differ. Or how to start one. */
export function ShadowPanel({ id, release }: { id: string; release: WorkflowRelease }) {
  const { shadow, versions, revision } = release;
  const { data } = useVersions(id);
  const [isStarting, setStarting] = useState(false);
  const put = usePutRelease(id);
  const others = (data ?? []).filter(({ number }) => !versions.some(({ version }) => version === number));
  const isRunning = shadow?.status === 'running';
  const end = () => put.mutate({ versions, revision }, { onError: (thrown) => showFailure('Couldn’t end shadow', thrown) });
  return (
    <section className={styles.box} aria-label="Shadow">
      <header className={styles.head}>
        <div>
          <h2>{shadow ? titleOf(shadow) : 'Shadow'}</h2>
          <p>
            {shadow ? (
              <State shadow={shadow} />
            ) : (
              'Runs a version on a share of live inputs without sending responses. It has no effects, and no one is notified.'
            )}
          </p>
        </div>
        <span className={styles.actions}>
          {isRunning && (
            <Button size="compact-md" loading={put.isPending} onClick={end}>
              End shadow
            </Button>
          )}
          {!isRunning && others.length > 0 && (
            <Button size="compact-md" onClick={() => setStarting(true)}>
              {shadow ? 'Start another' : 'Start a shadow'}
            </Button>
          )}
        </span>
      </header>
      {!shadow && data && others.length === 0 && <p className={styles.quiet}>Publish a version with “None yet” first.</p>}
      {shadow && shadow.counts.done > 0 && <Counts shadow={shadow} />}
      {shadow && shadow.counts.done > 0 && <DifferingRuns shadow={shadow} />}
      {isStarting && <ShadowForm id={id} release={release} choices={others} onClose={() => setStarting(false)} />}
    </section>
  );
}

function titleOf({ version, percent, status }: ReleaseShadow): string {
  return status === 'running' ? `v${version} runs in shadow on ${percent}% of live inputs` : `v${version} ran in shadow`;
}

const ENDINGS: Readonly<Record<ReleaseShadow['status'], string>> = {
  running: '',
  finished: 'It reached its limit of inputs.',
  budget: 'Its budget is used up.',
  cancelled: 'It was ended.',
};

function State({ shadow: { status, since, counts, spentMicros, budgetMicros } }: { shadow: ReleaseShadow }) {
  const spent = `${spentMicros > 0 ? formatCost(spentMicros) : 'Nothing'} spent of ${formatCost(budgetMicros)}.`;
  if (status !== 'running')
    return (
      <>
        {ENDINGS[status]} {formatNumber(counts.done)} compared. {spent}
      </>
    );
  return (
    <>
      {counts.done === 0 ? 'Waiting for the first live run to end' : `${formatNumber(counts.done)} compared`}, since <TimeAgo at={since} />. {spent}
    </>
  );
}

/** From the least serious outcome to the most. */
const SHOWN = OUTCOMES.toReversed();

function Counts({ shadow: { counts, replayId } }: { shadow: ReleaseShadow }) {
  return (
    <div className={styles.line}>
      <ul className={styles.counts} aria-label="How its runs differ">
        {SHOWN.filter((outcome) => counts[outcome] > 0 || outcome === 'same').map((outcome) => {
          const { tone, Glyph, words } = OUTCOME_LOOKS[outcome];
          return (
            <li key={outcome} data-tone={tone}>
              <Glyph size={17} stroke={1.7} aria-hidden />
              <b>{formatNumber(counts[outcome])}</b> {words}
            </li>
          );
        })}
      </ul>
      <Link to="/replays/$id" params={{ id: replayId }} className={styles.link}>
        Show on the canvas
      </Link>
    </div>
  );
}
