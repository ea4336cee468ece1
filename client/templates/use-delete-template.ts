import { deleteTemplate, type Template, undeleteTemplate } from '@switchyard/shared/contracts/templates.ts';
import { useQueryClient } from '@tanstack/react-query';
import { call } from '../api/call.ts';
import { keys } from '../api/keys.ts';
import { showFailure, showUndo } from '../ui/toast.tsx';

type Named = Pick<Template, 'slug' | 'name'>;

/** Removes a custom template from the gallery at once. The deletion can be undone. */
export function useDeleteTemplate(): (template: Named) => void {
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: keys.templates });
  const undo = ({ slug }: Named) =>
    call(undeleteTemplate, { params: { slug } })
      .catch((thrown: unknown) => showFailure('Couldn’t restore template', thrown))
      .then(refresh);
  const remove = async (template: Named) => {
    queries.setQueryData<readonly Template[]>(keys.templates, (known) => known?.filter(({ slug }) => slug !== template.slug));
    try {
      await call(deleteTemplate, { params: { slug: template.slug } });
      showUndo(`“${template.name}” deleted`, () => void undo(template));
    } catch (thrown) {
      showFailure('Couldn’t delete template', thrown);
    }
    await refresh();
  };
  return (template) => void remove(template);
}
