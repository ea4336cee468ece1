import { Button, Menu } from '@mantine/core';
import type { DatasetDetails } from '@switchyard/shared/contracts/evaluation/datasets.ts';
import { IconChevronDown, IconDownload, IconFileImport, IconFlask, IconListDetails, IconPencil, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { datasetExportUrl } from '../../api/evaluation/dataset-queries.ts';
import { AddItem } from './add/add-item.tsx';
import { FromFile } from './add/from-file.tsx';
import { FromRuns } from './add/from-runs.tsx';
import { FromSamples } from './add/from-samples.tsx';
import { TuningExport } from './tuning-export.tsx';

const KINDS = [
  { value: 'runs', label: 'From runs', Icon: IconListDetails },
  { value: 'file', label: 'From a CSV file', Icon: IconFileImport },
  { value: 'samples', label: 'From sample inputs', Icon: IconFlask },
  { value: 'hand', label: 'By hand', Icon: IconPencil },
] as const;

/** Adds items from one of several sources. */
export function AddMenu({ dataset: { id, tags } }: { dataset: DatasetDetails }) {
  const [open, setOpen] = useState<(typeof KINDS)[number]['value']>();
  const close = () => setOpen(undefined);
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="filled" leftSection={<IconPlus size={16} stroke={1.8} />} rightSection={<IconChevronDown size={14} />}>
            Add items
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {KINDS.map(({ value, label, Icon }) => (
            <Menu.Item key={value} leftSection={<Icon size={16} stroke={1.6} />} onClick={() => setOpen(value)}>
              {label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {open === 'runs' && <FromRuns datasetId={id} tags={tags} onClose={close} />}
      {open === 'file' && <FromFile datasetId={id} onClose={close} />}
      {open === 'samples' && <FromSamples datasetId={id} onClose={close} />}
      {open === 'hand' && <AddItem datasetId={id} tags={tags} onClose={close} />}
    </>
  );
}

/** Downloads items, or corrections for fine-tuning. */
export function ExportMenu({ dataset: { id } }: { dataset: DatasetDetails }) {
  const [isTuning, setTuning] = useState(false);
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button leftSection={<IconDownload size={16} stroke={1.7} />} rightSection={<IconChevronDown size={14} />}>
            Export
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item component="a" href={datasetExportUrl(id, {})} download>
            All items (JSONL)
          </Menu.Item>
          <Menu.Item component="a" href={datasetExportUrl(id, { split: 'tune' })} download>
            Split “tune” (JSONL)
          </Menu.Item>
          <Menu.Item component="a" href={datasetExportUrl(id, { split: 'gate' })} download>
            Split “gate” (JSONL)
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item onClick={() => setTuning(true)}>Corrections for fine-tuning</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {isTuning && <TuningExport url={datasetExportUrl(id, { format: 'chat', consent: 'true' })} onClose={() => setTuning(false)} />}
    </>
  );
}
