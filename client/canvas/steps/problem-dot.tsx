import type { GraphNode } from '@switchyard/shared/graph/graph.ts';
import type { Problem } from '@switchyard/shared/graph/problem.ts';
import { ownProblems } from '../../graph-editing/own-problems.ts';
import { useEditorApi } from '../../open-workflow/editor-store.ts';
import styles from './problem-dot.module.css';

/** A dot on a card that lists the node’s problems on hover and focus. */
export function ProblemDot({ node, found }: { node: GraphNode; found: readonly Problem[] }) {
  const editor = useEditorApi();
  const problems = ownProblems(found, node);
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
        editor.getState().showProblem(first);
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
