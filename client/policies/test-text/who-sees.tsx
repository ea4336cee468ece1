import type { RedactionRule } from '@switchyard/shared/contracts/redaction-rules.ts';
import type { Workflow } from '@switchyard/shared/contracts/workflows.ts';
import { type Icon, IconApi, IconEyeOff, IconMessage2, IconSearch, IconSend, IconUserCheck } from '@tabler/icons-react';
import { useVersion } from '../../api/queries.ts';
import { detectorLabel } from '../draft/detector-labels.ts';
import { partsOf } from './marked-text.ts';
import { Placeholder } from './placeholder.tsx';
import { type Reader, readersOf } from './real-values.ts';
import type { Preview } from './test-result.tsx';
import styles from './test-text.module.css';

const ICONS: Readonly<Record<Reader['kind'], Icon>> = {
  model: IconMessage2,
  reviewer: IconUserCheck,
  http: IconApi,
  redact: IconEyeOff,
  caller: IconSend,
  record: IconSearch,
};

interface Props {
  readonly workflow: Workflow;
  readonly rules: readonly RedactionRule[] | undefined;
  readonly text: string;
  readonly preview: Preview | undefined;
}

/** Who sees the real value of a token, with the first one of the tested text as an example. */
export function WhoSees({ workflow, rules, text, preview }: Props) {
  const live = useVersion(workflow.id, workflow.liveVersion);
  const graph = live.data?.graph ?? workflow.draft;
  if (!rules || rules.length === 0) return null;
  if (!rules.some(({ action }) => action === 'tokenise')) {
    return (
      <section className={styles.part} aria-label="Who sees the real value">
        <h3 className={styles.label}>Who sees the real value</h3>
        <p className={styles.quiet}>No one. Choose Tokenize if a reviewer or a service needs it.</p>
      </section>
    );
  }
  const example = exampleOf(text, preview);
  const title = example ? `Who sees the real value: ${example.label}` : 'Who sees tokenized values';
  return (
    <section className={styles.part} aria-label={title}>
      <h3 className={styles.label}>{title}</h3>
      <ul className={styles.readers}>
        {readersOf(graph).map((reader) => (
          <ReaderRow key={reader.who + (reader.node ?? '')} reader={reader} example={example} />
        ))}
      </ul>
      <p className={styles.quiet}>{live.data ? `As set in the live version v${live.data.number}.` : 'As set in the draft.'}</p>
    </section>
  );
}

interface Example {
  readonly label: string;
  readonly value: string;
  readonly token: string;
}

function ReaderRow({ reader: { kind, who, node, seesRealValue }, example }: { reader: Reader; example: Example | undefined }) {
  const Glyph = ICONS[kind];
  return (
    <li>
      <Glyph size={16} stroke={1.6} aria-hidden />
      <span className={styles.who}>
        {who} {node !== undefined && <b dir="auto">{node}</b>}
      </span>
      {seesRealValue ? (
        <span className={example && styles.real} title={example?.value}>
          {example ? shortened(example.value) : 'real value'}
        </span>
      ) : example ? (
        <Placeholder choice="tokenise" text={example.token} />
      ) : (
        <span className={styles.quiet}>token</span>
      )}
    </li>
  );
}

const LONGEST_SHOWN = 20;

/** The two ends of a long value. */
const shortened = (value: string): string => (value.length > LONGEST_SHOWN ? `${value.slice(0, 5).trim()} … ${value.slice(-7).trim()}` : value);

/** The first token of the tested text. */
function exampleOf(text: string, preview: Preview | undefined): Example | undefined {
  const match = preview?.matches.find(({ action }) => action === 'tokenise');
  const token = preview?.text === undefined ? undefined : partsOf(preview.text, preview.found).find(({ choice }) => choice === 'tokenise');
  return match && token && { label: detectorLabel(match.detector), value: text.slice(match.start, match.end), token: token.text };
}
