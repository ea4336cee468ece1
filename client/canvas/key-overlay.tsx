import { Modal } from '@mantine/core';
import { COMMAND_KEY, Kbd } from '../ui/kbd.tsx';
import styles from './key-overlay.module.css';
import { useCanvasUi, useCanvasUiApi } from './view/canvas-ui.ts';
import { KEY_LIST } from './view/shortcuts.ts';

/** All keyboard shortcuts of the editor. Opens with `?`. */
export function KeyOverlay() {
  const ui = useCanvasUiApi();
  const shown = useCanvasUi((state) => state.keysShown);
  return (
    <Modal opened={shown} onClose={() => ui.setState({ keysShown: false })} title="Keyboard shortcuts" size={880}>
      <div className={styles.columns}>
        {KEY_LIST.map((group) => (
          <section key={group.title}>
            <h3 className={styles.title}>{group.title}</h3>
            <dl className={styles.list}>
              {group.keys.map(([keys, words]) => (
                <div key={keys} className={styles.row}>
                  <dt>
                    {keys.split(' ').map((key) => (
                      <Kbd key={key}>{key === '⌘' ? COMMAND_KEY : key}</Kbd>
                    ))}
                  </dt>
                  <dd>{words}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
