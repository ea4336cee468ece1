import type { Category } from '@switchyard/nodes/sdk/define-node.ts';
import { NodeIcon } from '../../node-look/node-icon.tsx';
import styles from './step-card.module.css';

/** Text with **bold** parts, as in the summary lines of node definitions. */
export function RichLine({ text }: { text: string }) {
  return text.split('**').map((part, index) =>
    // The parts have no identity other than their position.
    // biome-ignore lint/suspicious/noArrayIndexKey: see above
    index % 2 === 1 ? <b key={index}>{part}</b> : <span key={index}>{part}</span>,
  );
}

/** Icon, title, and summary line of a node: the top of its card, and its whole drag preview. */
export function CardHead({ icon, category, title, line, muted = false }: { icon: string; category: Category; title: string; line: string; muted?: boolean }) {
  return (
    <>
      <div className={styles.head}>
        <NodeIcon icon={icon} category={muted ? 'flow' : category} />
        <span className={styles.title}>{title}</span>
      </div>
      <div className={styles.line}>
        <RichLine text={line} />
      </div>
    </>
  );
}
