import type { Graph } from '@switchyard/shared/graph/graph.ts';
import type { ToConnect } from '@switchyard/shared/sharing/to-connect.ts';
import { IconFileText, IconKey, IconPlugConnected, IconPuzzleOff, IconRoute } from '@tabler/icons-react';
import { needAdvice } from './need-labels.ts';
import styles from './need-list.module.css';

const ICONS = { connection: IconPlugConnected, secret: IconKey, route: IconRoute, prompt: IconFileText, 'node-type': IconPuzzleOff };
const KINDS = { connection: 'Connection', secret: 'Secret', route: 'Model route', prompt: 'Prompt', 'node-type': 'Node type' };

/** What is still missing: what it is, which nodes need it, and what to do. */
export function NeedList({ needs, graph }: { needs: readonly ToConnect[]; graph: Pick<Graph, 'nodes'> }) {
  const titleOf = (key: string): string => graph.nodes.find((node) => node.data.key === key)?.data.title || key;
  return (
    <ul className={styles.list} aria-label="Required before it can run">
      {needs.map((need) => {
        const Icon = ICONS[need.kind];
        return (
          <li key={`${need.kind} ${need.name}`} className={styles.need}>
            <Icon size={17} stroke={1.6} className={styles.icon} aria-hidden />
            <div className={styles.words}>
              <p>
                {KINDS[need.kind]} <strong>{need.name}</strong>
                <span className={styles.where}>
                  {' '}
                  · {need.steps.length === 0 ? (need.kind === 'connection' ? 'a trigger' : 'a variable') : need.steps.map(titleOf).join(', ')}
                </span>
              </p>
              <p className={styles.advice}>{needAdvice(need)}</p>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
