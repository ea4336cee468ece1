import { definitionOf } from '@switchyard/nodes/catalog.ts';
import type { GraphNode } from '@switchyard/shared/graph/graph.ts';
import type { Effect } from '@switchyard/shared/graph/node-kind.ts';
import { outputFields } from '../expressions/output-fields.ts';
import { Markdown } from '../ui/markdown.tsx';
import classes from './inspector.module.css';

const EFFECTS: Readonly<Record<Effect, string>> = {
  pure: 'Has no side effects. Runs again after a crash.',
  idempotent: 'Safe to repeat. Runs again after a crash.',
  keyed: 'The API recognizes repeats by key. After a crash, sent again with the same key.',
  unsafe: 'Never repeated automatically. If interrupted, the step asks a person or fails, depending on Error handling.',
};

/** Help for a node, the fields of its output, and its retry safety. */
export function HelpTab({ node }: { node: GraphNode }) {
  const definition = definitionOf(node.type);
  if (!definition) return <p className={classes.words}>No help for node type “{node.type}”.</p>;
  const fields = definition.role === 'note' ? [] : outputFields(definition.output(node.data.params), `steps.${node.data.key}`);
  return (
    <div className={classes.stack}>
      <Markdown text={definition.help} />
      {fields.length > 0 && (
        <section>
          <h3 className={classes.subtitle}>Output fields</h3>
          <dl className={classes.fields}>
            {fields.map((field) => (
              <div key={field.path} className={classes.fieldLine}>
                <dt>
                  <code>{field.path}</code>
                </dt>
                <dd>{field.type}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      {definition.role === 'step' && (
        <section>
          <h3 className={classes.subtitle}>Retry safety</h3>
          <p className={classes.words}>{EFFECTS[definition.effect(node.data.params)]}</p>
        </section>
      )}
    </div>
  );
}
