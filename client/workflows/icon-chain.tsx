import { NodeIcon, useLooks } from '../node-look/node-icon.tsx';
import styles from './icon-chain.module.css';

const MOST = 6;

/** The kinds of steps in a workflow, in flow order: neighbours of one kind once, the last one always. */
function chainOf(nodeTypes: readonly string[]): string[] {
  const kinds = nodeTypes.filter((type, index) => type !== 'note' && type !== nodeTypes[index - 1]);
  const last = kinds.at(-1);
  return kinds.length <= MOST || last === undefined ? kinds : [...kinds.slice(0, MOST - 1), last];
}

/** A small chain of icons: what a workflow is made of, at a glance. */
export function IconChain({ nodeTypes }: { nodeTypes: readonly string[] }) {
  const looks = useLooks();
  const chain = chainOf(nodeTypes);
  return (
    <span className={styles.chain} role="img" aria-label={chain.map((type) => looks(type).title).join(', then ')}>
      {chain.map((type, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a kind may come twice, and the order is what it shows
        <span key={index} className={styles.link}>
          <NodeIcon type={type} size={20} />
        </span>
      ))}
    </span>
  );
}
