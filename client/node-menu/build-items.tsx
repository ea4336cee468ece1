import { Menu } from '@mantine/core';
import { definitionOf } from '@switchyard/nodes/catalog.ts';
import type { GraphNode } from '@switchyard/shared/graph/graph.ts';
import { faultsOf } from '@switchyard/shared/run/faults.ts';
import { IconPlayerPlay, IconPlayerSkipForward, IconPlayerTrackNext, IconTool } from '@tabler/icons-react';
import { useRunPart } from '../open-workflow/run-part.ts';
import { FAULT_LABELS } from '../run-look/status-labels.ts';
import { PinItem } from './pin-item.tsx';

/** Menu items that run a part of the draft, or break a node on purpose (S78a). */
export function BuildItems({ node }: { node: GraphNode }) {
  const runPart = useRunPart();
  const { key } = node.data;
  const faults = faultsOf(node.type);
  if (definitionOf(node.type)?.role === 'note') return null;
  return (
    <>
      <Menu.Item leftSection={<IconPlayerPlay size={16} />} rightSection="Shift R" onClick={() => runPart({ only: key })}>
        Run this node
      </Menu.Item>
      <Menu.Item leftSection={<IconPlayerTrackNext size={16} />} onClick={() => runPart({ only: key, fresh: true })}>
        Run to here
      </Menu.Item>
      <Menu.Item leftSection={<IconPlayerSkipForward size={16} />} onClick={() => runPart({ from: key })}>
        Run from here
      </Menu.Item>
      <PinItem node={node} />
      {faults.length > 0 && (
        <Menu.Sub>
          <Menu.Sub.Target>
            <Menu.Sub.Item leftSection={<IconTool size={16} />}>Break on purpose</Menu.Sub.Item>
          </Menu.Sub.Target>
          <Menu.Sub.Dropdown>
            {faults.map((kind) => (
              <Menu.Item key={kind} onClick={() => runPart({ faults: [{ nodeKey: key, kind }] })}>
                {FAULT_LABELS[kind]}
              </Menu.Item>
            ))}
          </Menu.Sub.Dropdown>
        </Menu.Sub>
      )}
      <Menu.Divider />
    </>
  );
}
