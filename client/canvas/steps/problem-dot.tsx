import type { Problem } from '@switchyard/shared/graph/problem.ts';
import { ownProblems } from '../../graph-editing/own-problems.ts';
import { useEditor, useGraphNode } from '../../open-workflow/editor-store.ts';
import styles from './problem-dot.module.css';

const NONE: readonly Problem[] = [];
const byNode = new WeakMap<readonly Problem[], Map<string, Problem[]>>();

/** Problems grouped by node, once per list, so that a node is drawn again only when the list changes. */
function problemsOf(problems: readonly Problem[], nodeId: string): readonly Problem[] {
  let grouped = byNode.get(problems);
  if (!grouped) {
    grouped = Map.groupBy(problems, (problem) => problem.nodeId);
    byNode.set(problems, grouped);
  }
  return grouped.get(nodeId) ?? NONE;
}

/** A dot on a card that says what is wrong with it, on hover and on focus. */
export function ProblemDot({ nodeId }: { nodeId: string }) {
  const problems = useEditor((state) => problemsOf(state.problems, nodeId));
  return problems.length === 0 ? null : <Dot nodeId={nodeId} found={problems} />;
}

function Dot({ nodeId, found }: { nodeId: string; found: readonly Problem[] }) {
  const node = useGraphNode(nodeId);
  const show = useEditor((state) => state.showProblem);
  const problems = node ? ownProblems(found, node) : found;
  const first = problems.find((problem) => problem.severity === 'error') ?? problems[0];
  if (!first) return null;
  const words = problems.map((problem) => problem.message).join(' ');
  return (
    <button
      type="button"
      className={`${styles.dot} nodrag nopan`}
      data-severity={first.severity}
      aria-label={`${problems.length === 1 ? 'Problem' : `${problems.length} problems`}: ${words}`}
      onClick={(event) => {
        event.stopPropagation();
        show(first);
      }}
    >
      <span className={styles.words} aria-hidden>
        {problems.slice(0, 3).map((problem) => (
          <span key={problem.code + problem.field + problem.message}>
            {problem.message}
            {problem.suggestion && <em>{problem.suggestion}</em>}
          </span>
        ))}
        {problems.length > 3 && <span>and {problems.length - 3} more</span>}
      </span>
    </button>
  );
}
