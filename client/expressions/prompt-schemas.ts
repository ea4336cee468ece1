import type { JsonSchema } from '@switchyard/shared/json.ts';
import { isSamePrompt, type PromptRef, promptRefsOf } from '@switchyard/shared/model/prompt-ref.ts';
import { useMemo } from 'react';
import { useNamedPrompts } from '../api/queries.ts';
import { useEditor } from '../open-workflow/editor-store.ts';

/** The output schemas of the registry prompts in the graph, as their references resolve now. */
export function usePromptSchemas(): (ref: PromptRef) => JsonSchema | undefined {
  // As text, so it changes only with the references.
  const named = useEditor(({ graph }) => JSON.stringify(promptRefsOf(graph.nodes.map(({ data }) => data))));
  const refs = useMemo((): readonly PromptRef[] => JSON.parse(named), [named]);
  const versions = useNamedPrompts(refs);
  return useMemo(() => (ref) => versions[refs.findIndex((one) => isSamePrompt(one, ref))]?.outputSchema, [refs, versions]);
}
