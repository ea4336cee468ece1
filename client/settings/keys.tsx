import { KEY_LIST } from '../canvas/view/shortcuts.ts';
import { COMMAND_KEY, Kbd } from '../ui/kbd.tsx';
import styles from './settings-page.module.css';

/** All keyboard shortcuts, from the editor’s own list. */
export function Keys() {
  return KEY_LIST.map((group) => (
    <div key={group.title} className={styles.keys}>
      <h3 className={styles.keysTitle}>{group.title}</h3>
      <dl className={styles.keyList}>
        {group.keys.map(([keys, does]) => (
          <div key={keys}>
            <dt>
              {keys.split(' ').map((key) => (
                <Kbd key={key}>{key === '⌘' ? COMMAND_KEY : key}</Kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </div>
  ));
}
