import type { PromptWithVersions } from '@switchyard/shared/contracts/prompts.ts';
import { IconSitemap } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { LabelChip } from '../parts/label-chip.tsx';
import styles from './side-panel.module.css';

/** The part after the name in a reference: a label, or a version number. */
const targetOf = (reference: string): string => reference.slice(reference.lastIndexOf('@') + 1);

/** The workflows that use a prompt, each with the labels or versions it references. */
export function UsedBy({ usedBy }: Pick<PromptWithVersions, 'usedBy'>) {
  return (
    <ul className={styles.lines}>
      {usedBy.map(({ id, name, references }) => (
        <li key={id} className={styles.line}>
          <Link to="/workflows/$id" params={{ id }} className={styles.link}>
            <IconSitemap size={15} stroke={1.6} aria-hidden />
            <span className={styles.linkText}>{name}</span>
          </Link>
          {references.map(targetOf).map((target) => (
            <LabelChip key={target} label={/^\d+$/.test(target) ? `fixed v${target}` : target} />
          ))}
        </li>
      ))}
    </ul>
  );
}
