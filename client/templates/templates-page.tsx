import { Button } from '@mantine/core';
import { deleteTemplate, type Template, undeleteTemplate } from '@switchyard/shared/contracts/templates.ts';
import { IconBookmarkPlus, IconPlus } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useDeferredValue, useState } from 'react';
import { call } from '../api/call.ts';
import { keys } from '../api/keys.ts';
import { useUseTemplate } from '../api/make-workflow.ts';
import { useTemplates } from '../api/queries.ts';
import { askForNewWorkflow } from '../frame/creating/new-workflow.ts';
import { ErrorState } from '../frame/error-state.tsx';
import { SearchBox } from '../frame/search-box.tsx';
import { TopBar } from '../frame/top-bar.tsx';
import { ImportButton } from '../sharing/import-button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { showFailure, showUndo } from '../ui/toast.tsx';
import { TemplateCard, TemplateSkeleton } from './template-card.tsx';
import styles from './templates-page.module.css';

const TemplateDrawer = lazy(() => import('./template-drawer.tsx').then((module) => ({ default: module.TemplateDrawer })));

/** The template gallery, the first page of a new installation. */
export function TemplatesPage() {
  const [search, setSearch] = useState('');
  const [inside, setInside] = useState<Template>();
  const use = useUseTemplate();
  return (
    <>
      <TopBar
        title="Templates"
        actions={
          <>
            <SearchBox value={search} onChange={setSearch} label="Search templates" withPalette />
            <ImportButton />
            <Button leftSection={<IconPlus size={16} stroke={1.7} />} onClick={askForNewWorkflow}>
              Start from scratch
            </Button>
          </>
        }
      />
      <div className={styles.page}>
        <h2 className={styles.heading}>Start from a template.</h2>
        <p className={styles.text}>Each opens as your copy, with sample data. The demo model responds until you connect a provider.</p>
        <Gallery search={search} using={use.isPending ? use.variables.slug : undefined} onLook={setInside} onUse={use.mutate} />
      </div>
      {inside && (
        <Suspense fallback={null}>
          <TemplateDrawer template={inside} busy={use.isPending} onUse={() => use.mutate(inside)} onClose={() => setInside(undefined)} />
        </Suspense>
      )}
    </>
  );
}

interface GalleryProps {
  readonly search: string;
  /** Slug of the template being opened. */
  readonly using: string | undefined;
  readonly onLook: (template: Template) => void;
  readonly onUse: (template: Template) => void;
}

function Gallery({ search, using, onLook, onUse }: GalleryProps) {
  const { data, error, refetch } = useTemplates();
  const remove = useDeleteTemplate();
  const wanted = useDeferredValue(search.trim().toLowerCase());
  if (error && !data) return <ErrorState title="Couldn’t load templates" error={error} retry={() => void refetch()} />;
  if (!data) return <TemplateSkeletons />;
  const shown = data.filter(({ name, description }) => `${name} ${description}`.toLowerCase().includes(wanted));
  if (shown.length === 0) return <EmptyState title={`No templates match “${search.trim()}”`} text="Try a different search, or start from scratch." />;
  return (
    <>
      <ul className={styles.grid}>
        {shown.map((template) => (
          <li key={template.slug}>
            <TemplateCard
              template={template}
              busy={using === template.slug}
              onLook={() => onLook(template)}
              onUse={() => onUse(template)}
              onDelete={() => remove(template)}
            />
          </li>
        ))}
      </ul>
      <p className={styles.foot}>
        <IconBookmarkPlus size={18} stroke={1.6} aria-hidden />
        <span>
          <strong>Your templates</strong> appear here. Open a workflow and choose Share, then Save as template.
        </span>
      </p>
    </>
  );
}

function TemplateSkeletons() {
  return (
    <ul className={styles.grid} aria-busy="true" aria-label="Loading templates">
      {['a', 'b', 'c'].map((key) => (
        <TemplateSkeleton key={key} />
      ))}
    </ul>
  );
}

type Named = Pick<Template, 'slug' | 'name'>;

/** Removes a custom template from the gallery at once. The deletion can be undone. */
function useDeleteTemplate(): (template: Named) => void {
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
