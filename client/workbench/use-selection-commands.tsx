import { definitionOf } from '@switchyard/nodes/catalog.ts';
import { type Icon, IconArtboard, IconArtboardOff, IconCircleOff, IconSitemap, IconSitemapOff } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useInlineSubWorkflow } from '../canvas/sub-workflow/use-inline-sub-workflow.ts';
import { ARRANGEMENTS } from '../canvas/view/arrangements.ts';
import { useCanvasUiApi } from '../canvas/view/canvas-ui.ts';
import { useCanvasActions } from '../canvas/view/use-canvas-actions.ts';
import { type Command, registerCommands, usePalette } from '../frame/commands.ts';
import { isGroup } from '../graph-editing/operations/containers.ts';
import { useEditorApi } from '../open-workflow/editor-store.ts';
import { COMMAND_KEY } from '../ui/kbd.tsx';

/** Commands for what is selected. Collected when the palette opens. */
export function useSelectionCommands(): void {
  const editor = useEditorApi();
  const ui = useCanvasUiApi();
  const canvas = useCanvasActions();
  const inline = useInlineSubWorkflow();
  const open = usePalette((palette) => palette.open);
  useEffect(() => {
    const { selection, graph, readOnly, ungroup, toggleDisabled } = editor.getState();
    const chosen = graph.nodes.filter(({ id }) => selection.nodes.includes(id));
    if (!open || readOnly || chosen.length === 0) return undefined;
    const steps = chosen.filter(({ type }) => definitionOf(type)?.role !== 'note');
    const [only] = chosen;
    const make = () => ui.setState({ subWorkflowOf: selection.nodes });
    const hasOneWorkflow = chosen.length === 1 && only?.type === 'workflow';
    return registerCommands([
      command('group', 'Group', IconArtboard, canvas.group, { hint: `${COMMAND_KEY} G` }),
      ...(chosen.some(isGroup) ? [command('ungroup', 'Ungroup', IconArtboardOff, ungroup, { hint: `${COMMAND_KEY} Shift G` })] : []),
      ...(steps.length > 0 ? [command('make-sub-workflow', 'Make a sub-workflow', IconSitemap, make, { words: 'extract move reuse subworkflow' })] : []),
      ...(hasOneWorkflow
        ? [
            command('inline-sub-workflow', 'Put the steps back inline', IconSitemapOff, () => void inline(only.id), {
              words: 'inline sub-workflow subworkflow expand unpack',
            }),
          ]
        : []),
      ...(steps.length > 0 ? [command('disable', 'Disable or enable', IconCircleOff, toggleDisabled, { hint: 'D' })] : []),
      ...(chosen.length < 2 ? [] : ARRANGEMENTS.map(({ how, label, icon }) => command(how, label, icon, () => canvas.arrange(how)))),
    ]);
  }, [editor, ui, canvas, inline, open]);
}

const command = (id: string, title: string, Glyph: Icon, run: () => void, more: Pick<Command, 'hint' | 'words'> = {}): Command => ({
  id: `selection.${id}`,
  group: 'Selection',
  title,
  icon: <Glyph size={16} stroke={1.6} aria-hidden />,
  run,
  ...more,
});
