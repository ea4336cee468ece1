import { Button, Modal, TextInput } from '@mantine/core';
import { definitionOf } from '@switchyard/nodes/catalog.ts';
import { useState } from 'react';
import { useCreatePublished } from '../../api/make-workflow.ts';
import { makeSubWorkflow, type SubWorkflow } from '../../graph-editing/sub-workflow/make-sub-workflow.ts';
import { useEditorApi } from '../../open-workflow/editor-store.ts';
import { messageOf } from '../../ui/message-of.ts';
import { showDone } from '../../ui/toast.tsx';
import styles from './sub-workflow-dialog.module.css';

interface DialogProps {
  /** The nodes to move. */
  readonly nodeIds: readonly string[];
  readonly onClose: () => void;
}

/** Moves nodes into a workflow of their own, or says why that isn’t possible. */
export function SubWorkflowDialog({ nodeIds, onClose }: DialogProps) {
  const editor = useEditorApi();
  const [made] = useState(() => makeSubWorkflow(editor.getState().graph, nodeIds, definitionOf));
  return (
    <Modal opened onClose={onClose} title="Make a sub-workflow" size={480}>
      {'refused' in made ? (
        <div className={styles.form}>
          <p role="alert">{made.refused}</p>
          <div className={styles.foot}>
            <Button data-autofocus onClick={onClose}>
              Close
            </Button>
          </div>
        </div>
      ) : (
        <MakeForm made={made} onClose={onClose} />
      )}
    </Modal>
  );
}

function MakeForm({ made, onClose }: { made: SubWorkflow; onClose: () => void }) {
  const [name, setName] = useState(made.title);
  const { make, isPending, error } = useMake(made);
  const wanted = name.trim();
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (wanted !== '') void make(wanted).then((done) => done && onClose());
      }}
    >
      <p>Moves the steps into a new workflow and publishes it. One node calls it here. Undo brings the steps back and keeps the new workflow.</p>
      <TextInput label="Name" value={name} maxLength={200} data-autofocus onChange={(event) => setName(event.currentTarget.value)} />
      <dl className={styles.values}>
        <dt>Input</dt>
        <Names names={made.inputs} whenEmpty="nothing" />
        <dt>Output</dt>
        <Names names={made.outputs} whenEmpty="nothing" />
      </dl>
      {error !== undefined && (
        <p className={styles.problem} role="alert">
          {messageOf(error)}
        </p>
      )}
      <div className={styles.foot}>
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="filled" type="submit" loading={isPending} disabled={wanted === ''}>
          Create and publish
        </Button>
      </div>
    </form>
  );
}

function Names({ names, whenEmpty }: { names: readonly string[] | undefined; whenEmpty: string }) {
  if (names === undefined) return <dd>the whole input</dd>;
  return <dd>{names.length === 0 ? whenEmpty : names.map((name) => <code key={name}>{name}</code>)}</dd>;
}

/** Creates and publishes the workflow, then replaces the steps as one undo step. */
function useMake(made: SubWorkflow) {
  const editor = useEditorApi();
  const [graph] = useState(() => editor.getState().graph);
  const create = useCreatePublished();
  const [changed, setChanged] = useState<Error>();
  const make = async (wanted: string): Promise<boolean> => {
    const created = await create.mutateAsync({ name: wanted, graph: made.child }).catch(() => undefined);
    if (!created) return false;
    const state = editor.getState();
    if (state.graph !== graph) {
      setChanged(new Error(`“${created.name}” was created, but this workflow changed in the meantime and still has the steps. Delete one of the two.`));
      return false;
    }
    const { graph: next, nodeId } = made.replaced(created);
    state.setGraph(next);
    state.select([nodeId]);
    state.announce('Steps moved into a sub-workflow');
    showDone(`Workflow “${created.name}” created`);
    return true;
  };
  return { make, isPending: create.isPending, error: changed ?? create.error ?? undefined };
}
