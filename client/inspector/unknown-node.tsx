import type { GraphNode } from '@switchyard/shared/graph/graph.ts';
import type { Problem } from '@switchyard/shared/graph/problem.ts';
import { FieldProblems } from '../form/field-problems.tsx';
import { JsonView } from '../run-look/json-view.tsx';
import classes from './inspector.module.css';

/** A node of a type that is not known here: kept as it is, and shown. */
export function UnknownNode({ node, problems }: { node: GraphNode; problems: readonly Problem[] }) {
  return (
    <div className={classes.stack}>
      <div className={classes.nodeProblems}>
        <FieldProblems problems={problems} />
      </div>
      <p className={classes.words}>
        This step is of the type <code>{node.type}</code>, which is not known here. It is kept exactly as it is and cannot run. Replace it, or open the workflow
        in the program it came from.
      </p>
      <JsonView value={node.data.params} />
    </div>
  );
}
