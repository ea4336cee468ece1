import type { ReplayedRun, RunComparison, StepDifference } from '@switchyard/shared/contracts/evaluation/replays.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { sameJson } from '@switchyard/shared/same-json.ts';
import { useRunComparison } from '../api/evaluation/replay-queries.ts';
import { ErrorState } from '../frame/error-state.tsx';
import { PageLoading } from '../frame/page-loading.tsx';
import { ChangedText, ChangedValue } from '../text-changes/changed-text.tsx';
import { ButtonLink } from '../ui/button-link.tsx';
import styles from './run-difference.module.css';

/** Steps that are shown. The rest is on the pages of the runs. */
const MOST_STEPS = 5;

/** What differs in one run: its output, the branches it took, and the steps. */
export function RunDifference({ run, graph }: { run: ReplayedRun; graph: Graph }) {
  if (run.runId === null) return null;
  return <Compared sourceId={run.sourceId} runId={run.runId} graph={graph} />;
}

function Compared({ sourceId, runId, graph }: { sourceId: string; runId: string; graph: Graph }) {
  const { data, error, refetch } = useRunComparison(sourceId, runId);
  return (
    <div className={styles.difference}>
      {data ? (
        <Differences compared={data} graph={graph} />
      ) : error ? (
        <ErrorState title="Couldn’t compare" error={error} retry={() => void refetch()} />
      ) : (
        <PageLoading />
      )}
      <div className={styles.actions}>
        <ButtonLink to="/runs/$id" params={{ id: sourceId }} size="xs">
          Open original run
        </ButtonLink>
        <ButtonLink to="/runs/$id" params={{ id: runId }} size="xs">
          Open replay
        </ButtonLink>
      </div>
    </div>
  );
}

function Differences({ compared, graph }: { compared: RunComparison; graph: Graph }) {
  const { before, after, path, steps, output } = compared;
  const titles = new Map(graph.nodes.map(({ data }) => [data.key, data.title]));
  const titled = (place: string): string => {
    const [key = '', port] = place.split(' → ');
    return port === undefined ? (titles.get(key) ?? key) : `${titles.get(key) ?? key} → ${port}`;
  };
  const shown = steps.filter((step) => isShown(step) && !isOutput(step, compared));
  return (
    <>
      {output !== 'same' && after.status === 'succeeded' && <Changed caption="Output" before={before.output} after={after.output} />}
      {(path.onlyBefore.length > 0 || path.onlyAfter.length > 0) && (
        <p className={styles.path}>
          {path.onlyBefore.map((place) => (
            <del key={place}>{titled(place)}</del>
          ))}
          {path.onlyAfter.map((place) => (
            <ins key={place}>{titled(place)}</ins>
          ))}
        </p>
      )}
      {shown.slice(0, MOST_STEPS).map((step) => (
        <StepChange key={step.stepId} step={step} title={titles.get(step.nodeKey) ?? step.nodeKey} />
      ))}
      {shown.length > MOST_STEPS && <p className={styles.rest}>{shown.length - MOST_STEPS} more steps differ.</p>}
    </>
  );
}

const isShown = ({ what }: StepDifference): boolean => what.includes('output') || what.includes('words') || what.includes('port');

/** The output of the run is shown already. */
const isOutput = (step: StepDifference, { before, after }: RunComparison): boolean =>
  sameJson(step.before, before.output) && sameJson(step.after, after.output);

function StepChange({ step, title }: { step: StepDifference; title: string }) {
  const { portBefore, portAfter, before, after } = step;
  if (portBefore !== portAfter) return <ChangedValue caption={`${title}: branch`} draft={portBefore} value={portAfter} />;
  return <Changed caption={title} before={before} after={after} />;
}

/** Texts word by word, other values as a whole. A single text in an object counts as the text. */
function Changed({ caption, before, after }: { caption: string; before: unknown; after: unknown }) {
  const [one, two] = [textIn(before), textIn(after)];
  if (one !== undefined && two !== undefined) return <ChangedText caption={caption} draft={one} text={two} />;
  return <ChangedValue caption={caption} draft={before} value={after} />;
}

function textIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null && 'text' in value && typeof value.text === 'string' ? value.text : undefined;
}
