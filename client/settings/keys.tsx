import { Fragment } from 'react';
import { COMMAND_KEY, Kbd } from '../ui/kbd.tsx';
import styles from './settings-page.module.css';

const MOD = COMMAND_KEY;
const GROUPS: readonly { readonly title: string; readonly keys: readonly { readonly keys: readonly string[]; readonly does: string }[] }[] = [
  { title: 'Everywhere', keys: [{ keys: [MOD, 'K'], does: 'Find a page, a workflow, a command' }] },
  {
    title: 'On the canvas',
    keys: [
      { keys: ['N'], does: 'Add a step' },
      { keys: ['Tab'], does: 'Go to the next step in flow order' },
      { keys: ['←', '→'], does: 'Follow the wires' },
      { keys: ['Enter'], does: 'Open the step' },
      { keys: ['C'], does: 'Connect the step to another' },
      { keys: ['Del'], does: 'Delete what is selected' },
      { keys: [MOD, 'D'], does: 'Duplicate what is selected' },
      { keys: [MOD, 'C'], does: 'Copy; with V paste' },
      { keys: [MOD, 'Z'], does: 'Undo; with Shift redo' },
      { keys: ['Space'], does: 'Hold to pan' },
      { keys: ['F'], does: 'Fit everything in' },
      { keys: ['R'], does: 'Run' },
      { keys: ['?'], does: 'Show these keys' },
    ],
  },
];

/** All keys of the page. */
export function Keys() {
  return GROUPS.map((group) => (
    <div key={group.title} className={styles.keys}>
      <h3 className={styles.keysTitle}>{group.title}</h3>
      <dl className={styles.keyList}>
        {group.keys.map(({ keys, does }) => (
          <Fragment key={does}>
            <dt>
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </Fragment>
        ))}
      </dl>
    </div>
  ));
}
