import { Button, Popover } from '@mantine/core';
import type { Verification } from '@switchyard/shared/contracts/insight/evidence.ts';
import { IconDownload, IconRosetteDiscountCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useVerdict } from '../api/audit-queries.ts';
import { messageOf } from '../ui/message-of.ts';
import bar from '../workbench/editor-bar.module.css';
import styles from './evidence-button.module.css';

const MOST_SHOWN = 8;

const TITLES: Readonly<Record<Verification['verdict'], string>> = {
  valid: 'Unchanged',
  incomplete: 'Unchanged, but incomplete',
  invalid: 'Changed',
  'no-chain': 'Can’t be verified',
};

const TEXTS: Readonly<Record<Verification['verdict'], string>> = {
  valid: 'Everything that was recorded about this run is there, and nothing was changed.',
  incomplete: 'What remains of this run was not changed. These parts are missing:',
  invalid: 'What is stored about this run is not what was recorded:',
  'no-chain': 'An earlier version of Switchyard recorded this run, so changes to it can’t be found.',
};

/** Verifies a run, says the verdict in words, and offers the evidence as a file. */
export function EvidenceButton({ runId }: { runId: string }) {
  const [open, setOpen] = useState(false);
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" width={380} trapFocus returnFocus>
      <Popover.Target>
        <Button
          className={bar.foldable}
          aria-label="Evidence"
          leftSection={<IconRosetteDiscountCheck size={16} stroke={1.6} />}
          onClick={() => setOpen((shown) => !shown)}
        >
          <span className={bar.word}>Evidence</span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown>{open && <Verdict runId={runId} />}</Popover.Dropdown>
    </Popover>
  );
}

function Verdict({ runId }: { runId: string }) {
  const { data, error } = useVerdict(runId, true);
  return (
    <div className={styles.panel}>
      <div role="status">
        {data ? <Outcome verification={data} /> : <p className={styles.text}>{error ? `Couldn’t verify this run. ${messageOf(error)}` : 'Verifying…'}</p>}
      </div>
      <Button
        component="a"
        href={`/api/runs/${encodeURIComponent(runId)}/evidence`}
        download={`${runId}.json`}
        leftSection={<IconDownload size={16} stroke={1.6} />}
      >
        Download evidence
      </Button>
      <p className={styles.help}>
        Verify the file anywhere with <code>pnpm switchyard verify {'<file>'}</code>.
      </p>
    </div>
  );
}

function Outcome({ verification: { verdict, problems } }: { verification: Verification }) {
  const left = problems.length - MOST_SHOWN;
  return (
    <>
      <p className={styles.title} data-verdict={verdict}>
        {TITLES[verdict]}
      </p>
      <p className={styles.text}>{TEXTS[verdict]}</p>
      {verdict !== 'no-chain' && problems.length > 0 && (
        <ul className={styles.problems}>
          {problems.slice(0, MOST_SHOWN).map(({ where, message }) => (
            <li key={`${where} ${message}`}>{message}</li>
          ))}
          {left > 0 && <li>{left === 1 ? 'And 1 more' : `And ${left} more`}</li>}
        </ul>
      )}
    </>
  );
}
