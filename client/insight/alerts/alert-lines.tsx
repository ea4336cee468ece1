import type { AlertRule, Opening } from '@switchyard/shared/contracts/insight/alert-rules.ts';
import { observationWords } from '@switchyard/shared/insight/metrics.ts';
import { IconBellRinging } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useAlertRules, useUpdateRule } from '../../api/insight/alert-rule-queries.ts';
import { useSlowNow } from '../../ui/clock.ts';
import { formatDuration } from '../../ui/format.ts';
import { showDone, showFailure } from '../../ui/toast.tsx';
import styles from './alert-lines.module.css';
import { ruleCondition, runsOf } from './rule-words.ts';

const HOUR_MS = 3_600_000;
type OpenRule = AlertRule & { readonly opening: Opening };

const isOpenRule = (rule: AlertRule): rule is OpenRule => rule.opening !== null;

/** One line per open alert: of this workflow, or of all. */
export function AlertLines({ workflowId }: { workflowId: string | undefined }) {
  const { data } = useAlertRules();
  const open = (data?.items ?? []).filter(isOpenRule).filter(({ scope }) => workflowId === undefined || (scope.workflowId ?? workflowId) === workflowId);
  if (open.length === 0) return null;
  return (
    <ul className={styles.lines} aria-label="Open alerts">
      {open.map((rule) => (
        <AlertLine key={rule.id} rule={rule} />
      ))}
    </ul>
  );
}

const timeOf = (at: string): string => new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });

function AlertLine({ rule }: { rule: OpenRule }) {
  const { opening } = rule;
  const now = useSlowNow();
  const update = useUpdateRule(rule.id);
  const isQuiet = rule.quietUntil !== null && Date.parse(rule.quietUntil) > now;
  const condition = ruleCondition(rule);
  const keepQuiet = () =>
    update.mutate(
      { quietUntil: isQuiet ? null : new Date(Date.now() + HOUR_MS).toISOString() },
      { onSuccess: () => showDone(isQuiet ? 'Messages resumed' : 'Quiet for 1 h'), onError: (thrown) => showFailure('Couldn’t change alert rule', thrown) },
    );
  const failed = rule.metric === 'failure-rate';
  return (
    <li className={styles.line}>
      <IconBellRinging size={17} stroke={1.7} aria-hidden />
      <p>
        {rule.name !== condition && <>{rule.name}: </>}
        <b>{condition}</b> for {formatDuration(Math.max(60_000, now - Date.parse(opening.openedAt)))}: {observationWords(rule, opening.latest)}.{' '}
        {rule.state === 'no-data' && 'Too few samples to tell. '}
        {isQuiet && rule.quietUntil !== null ? (
          <>Quiet until {timeOf(rule.quietUntil)}.</>
        ) : opening.told ? (
          <>
            Told <b dir="auto">{opening.told.to}</b> at {timeOf(opening.told.at)}.
          </>
        ) : (
          opening.error !== null && <>Couldn’t notify the channel: {opening.error}</>
        )}
      </p>
      <span className={styles.actions}>
        <Link to="/runs" search={runsOf(rule)} aria-label={`${failed ? 'Failed runs' : 'Runs'} of ${rule.name}`}>
          {failed ? 'Failed runs' : 'Runs'}
        </Link>
        <button type="button" disabled={update.isPending} onClick={keepQuiet} aria-label={`${isQuiet ? 'Resume messages' : 'Quiet for 1 h'}: ${rule.name}`}>
          {isQuiet ? 'Resume messages' : 'Quiet for 1 h'}
        </button>
      </span>
    </li>
  );
}
