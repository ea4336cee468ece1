import { Resizer, usePanelSize } from '../ui/resizer.tsx';
import styles from './change-list.module.css';
import { ChangeList } from './change-list.tsx';
import { useComparison } from './comparison-context.tsx';

/** The list of changes below the canvas. Takes the place of the run panel while versions are compared. */
export function ChangesDock() {
  const { versions, comparison } = useComparison();
  const [height, setHeight] = usePanelSize('changes', { initial: 220, min: 100, max: 600 });
  if (!versions) return null;
  return (
    <section className={styles.dock} style={{ height }} aria-label="Changes">
      <Resizer edge="top" size={height} onSize={setHeight} label="Height of the changes" />
      <div className={styles.head}>
        <h2>Changes</h2>
        <span>Select a row to show it on the canvas</span>
      </div>
      <div className={styles.body}>{comparison && <ChangeList comparison={comparison} versions={versions} />}</div>
    </section>
  );
}
