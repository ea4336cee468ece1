import { UnstyledButton } from '@mantine/core';
import { branchesTaken } from '@switchyard/shared/run/sample-run.ts';
import { IconChevronRight } from '@tabler/icons-react';
import type { SampleResult, Verdict } from '../../open-workflow/samples/sample-batch.ts';
import type { AnyStatus } from '../../run-look/status-labels.ts';
import { StatusMark } from '../../run-look/status-mark.tsx';
import { CostSum, Duration } from '../../ui/figures.tsx';
import { messageOf } from '../../ui/message-of.ts';
import { SampleDetail } from './sample-detail.tsx';
import classes from './samples.module.css';
import { VERDICT_LABELS } from './verdicts.ts';

const MARKS: Readonly<Record<Exclude<Verdict, 'none'>, AnyStatus>> = {
  queued: 'queued',
  running: 'running',
  waiting: 'waiting',
  passed: 'succeeded',
  failed: 'failed',
  canceled: 'cancelled',
};

/** A sample with its result in one line. Opened, its output is compared with the expected one. */
export function SampleLine({ result, isOpen, onToggle }: { result: SampleResult; isOpen: boolean; onToggle: () => void }) {
  const { sample, verdict, failures, outcome, error } = result;
  const why = verdict === 'passed' ? undefined : error === undefined ? failures[0] : messageOf(error);
  const more = failures.length > 1 ? ` and ${failures.length - 1} more` : '';
  return (
    <>
      <tr data-open={isOpen || undefined}>
        <th scope="row">
          <UnstyledButton className={classes.name} aria-expanded={isOpen} onClick={onToggle}>
            <IconChevronRight size={14} aria-hidden className={classes.chevron} />
            <span>{sample.name}</span>
          </UnstyledButton>
        </th>
        <td className={classes.result}>
          {verdict === 'none' ? (
            <span className={classes.quiet}>{VERDICT_LABELS.none}</span>
          ) : (
            <StatusMark status={MARKS[verdict]}>{VERDICT_LABELS[verdict]}</StatusMark>
          )}
          {verdict === 'passed' && sample.expect === undefined && sample.ends === undefined && <span className={classes.quiet}>nothing expected</span>}
          {why !== undefined && (
            <span className={classes.why} title={why}>
              {why}
              {more}
            </span>
          )}
        </td>
        <td className={`${classes.wide} ${classes.branches}`}>{outcome && branchesTaken(outcome).join(', ')}</td>
        <td className={classes.figure}>{outcome?.startedAt ? <Duration from={outcome.startedAt} to={outcome.endedAt} /> : '–'}</td>
        <td className={classes.figure}>
          {outcome ? <CostSum of={{ costMicros: outcome.costMicros ?? 0, unknownPrice: outcome.unknownPrice }} demo={outcome.demo} short /> : '–'}
        </td>
      </tr>
      {isOpen && (
        <tr className={classes.opened}>
          <td colSpan={5}>
            <SampleDetail result={result} />
          </td>
        </tr>
      )}
    </>
  );
}
