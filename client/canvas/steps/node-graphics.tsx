import type { Category } from '@switchyard/nodes/sdk/define-node.ts';
import { NodeIcon } from '../../node-look/node-icon.tsx';
import styles from './step-card.module.css';

/** Words with **bold** parts, as node definitions write their lines. */
export function RichLine({ text }: { text: string }) {
  return text.split('**').map((part, index) =>
    // The parts have no identity but their place.
    // biome-ignore lint/suspicious/noArrayIndexKey: see above
    index % 2 === 1 ? <b key={index}>{part}</b> : <span key={index}>{part}</span>,
  );
}

/** Icon, title and line of a step: the upper part of its card, and all of its preview while it is dragged. */
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
