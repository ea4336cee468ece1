import { useEffect, useState } from 'react';
import { useEditor } from '../open-workflow/editor-store.ts';

/** The displayed round of a node: chosen here, or on the timeline. Undefined means the newest. */
export function useChosenRound(nodeId: string): [round: number | undefined, choose: (round: number) => void] {
  const reveal = useEditor((state) => state.reveal);
  const wished = reveal?.nodeId === nodeId ? reveal : undefined;
  const [round, setRound] = useState(wished?.round);
  useEffect(() => {
    if (wished) setRound(wished.round);
  }, [wished]);
  return [round, setRound];
}
