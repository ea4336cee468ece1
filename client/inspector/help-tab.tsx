import { definitionOf } from '@switchyard/nodes/catalog.ts';
import type { GraphNode } from '@switchyard/shared/graph/graph.ts';
import type { Effect } from '@switchyard/shared/graph/node-kind.ts';
import { outputFields } from '../expressions/output-fields.ts';
import { Markdown } from '../ui/markdown.tsx';
import classes from './inspector.module.css';

const EFFECTS: Readonly<Record<Effect, string>> = {
  pure: 'Changes nothing outside. After a crash it is simply run again.',
  idempotent: 'Doing it twice is doing it once. After a crash it is run again.',
  keyed: 'The other side recognises a repeated request by its key, so after a crash it is sent again with the same key.',
  unsafe: 'Must not be repeated by itself: when it is cut off, a person is asked, or the step fails, as the policy says.',
};

/** What a node does, what later steps can read of it, and what it does to the world. */
export function HelpTab({ node }: { node: GraphNode }) {
  const definition = definitionOf(node.type);
  if (!definition) return <p className={classes.words}>There is no help for the type {node.type}.</p>;
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
          <h3 className={classes.subtitle}>Effect</h3>
          <p className={classes.words}>{EFFECTS[definition.effect(node.data.params)]}</p>
        </section>
      )}
    </div>
  );
}
