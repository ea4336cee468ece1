import { Link } from '@tanstack/react-router';
import { useLiveRun } from '../live/run-hooks.ts';
import { usedDemo, usedModel } from '../run-look/run-facts.ts';
import { shortId } from '../run-look/run-words.ts';
import { Cost } from '../ui/figures.tsx';
import { formatNumber } from '../ui/format.ts';
import classes from './run-panel.module.css';

/** Which run is shown, its tokens and its cost. */
export function RunSummary({ runId }: { runId: string }) {
  const { state } = useLiveRun(runId);
  const tokens = state.usage.inputTokens + state.usage.outputTokens;
  return (
    <span className={classes.summary}>
      <Link to="/runs/$id" params={{ id: runId }} className={classes.runLink}>
        Run {shortId(runId)}
      </Link>{' '}
      of {state.version === 'draft' ? 'the draft' : `v${state.version}`}
      {tokens > 0 && ` · ${formatNumber(tokens)} tokens`}
      {usedModel(state) && (
        <>
          {' · '}
          <Cost micros={state.costMicros} demo={usedDemo(state)} />
        </>
      )}
    </span>
  );
}
