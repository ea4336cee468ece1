import { TextEditor } from '../expressions/text-editor.tsx';
import formClasses from '../form/form.module.css';
import { useEditor, useEditorApi } from '../open-workflow/editor-store.ts';
import classes from './inspector.module.css';

/** Functions that all code nodes of the workflow can call. */
export function WorkflowHelpers({ readOnly }: { readOnly: boolean }) {
  const editor = useEditorApi();
  const helpers = useEditor((state) => state.graph.helpers) ?? '';
  return (
    <div className={formClasses.list}>
      <h2 className={classes.subtitle}>Helpers</h2>
      <p className={formClasses.help}>
        JavaScript or TypeScript that is published with this workflow. Code nodes call what it exports as <code>helpers.name()</code>.
      </p>
      <TextEditor
        kind="script"
        label="Helpers"
        value={helpers}
        minHeight={68}
        placeholder="export const cents = (amount: number) => Math.round(amount * 100);"
        readOnly={readOnly}
        onChange={(next) => editor.getState().setHelpers(next)}
      />
    </div>
  );
}
