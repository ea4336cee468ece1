import { Popover, UnstyledButton } from '@mantine/core';
import type { Problem } from '@switchyard/shared/graph/problem.ts';
import { IconAlertCircle, IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { findNode } from '../graph-editing/operations/node-names.ts';
import { useEditor } from '../open-workflow/editor-store.ts';
import bar from '../workbench/editor-bar.module.css';
import styles from './problem-count.module.css';

/** The number of problems in the draft. Opens their list. */
export function ProblemCount() {
  const [open, setOpen] = useState(false);
  const problems = useEditor((state) => state.problems);
  const show = useEditor((state) => state.showProblem);
  if (problems.length === 0) return null;
  const errors = problems.some((problem) => problem.severity === 'error');
  return (
    <span className={bar.mark}>
      <Popover opened={open} onChange={setOpen} position="bottom-start" width={360} trapFocus>
        <Popover.Target>
          <UnstyledButton className={styles.count} data-errors={errors || undefined} aria-expanded={open} onClick={() => setOpen(!open)}>
            {errors ? <IconAlertCircle size={15} stroke={1.7} aria-hidden /> : <IconAlertTriangle size={15} stroke={1.7} aria-hidden />}
            {problems.length === 1 ? '1 problem' : `${problems.length} problems`}
          </UnstyledButton>
        </Popover.Target>
        <Popover.Dropdown>
          <ProblemList
            problems={problems}
            onPick={(problem) => {
              setOpen(false);
              show(problem);
            }}
          />
        </Popover.Dropdown>
      </Popover>
    </span>
  );
}

/** Problems, errors first. Picking one opens its node and field. */
export function ProblemList({ problems, onPick }: { problems: readonly Problem[]; onPick: (problem: Problem) => void }) {
  const graph = useEditor((state) => state.graph);
  const disconnect = useEditor((state) => state.disconnect);
  const sorted = [...problems].sort((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'));
  return (
    <ul className={styles.list}>
      {sorted.map((problem) => (
        <li key={`${problem.nodeId} ${problem.edgeId ?? ''} ${problem.field ?? ''} ${problem.code} ${problem.message}`}>
          <UnstyledButton className={styles.item} onClick={() => onPick(problem)}>
            <i className={styles.dot} data-severity={problem.severity} aria-hidden />
            <span>
              <b>{findNode(graph, problem.nodeId)?.data.title ?? 'Workflow'}</b>
              <span className={styles.message}>{problem.message}</span>
              {problem.suggestion && <span className={styles.suggestion}>{problem.suggestion}</span>}
            </span>
          </UnstyledButton>
          {problem.edgeId !== undefined && (
            <UnstyledButton className={styles.remove} onClick={() => disconnect([problem.edgeId ?? ''])}>
              Remove edge
            </UnstyledButton>
          )}
        </li>
      ))}
    </ul>
  );
}
