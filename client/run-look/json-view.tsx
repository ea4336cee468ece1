import { getRunFile } from '@switchyard/shared/contracts/runs.ts';
import { FileHandle, isFileHandle } from '@switchyard/shared/files/file-handle.ts';
import { type FilesRef, isFilesRef } from '@switchyard/shared/files/stored-value.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { urlOf } from '../api/call.ts';
import { FileChip } from '../files/file-chip.tsx';
import { CopyIcon } from '../ui/copy-field.tsx';
import { BlobValue, isBlob } from './blob-value.tsx';
import styles from './json-view.module.css';

interface JsonViewProps {
  readonly value: unknown;
  /** The run that the value belongs to, needed to fetch large values. */
  readonly runId?: string;
  readonly label?: string;
  /** Where files are downloaded, if not from the run. */
  readonly fileUrl?: FileUrl | undefined;
}

/** The URL of a file by its ID. Undefined if it can’t be downloaded here. */
export type FileUrl = (id: string) => string | undefined;

/** Number of entries shown at first, so no value can freeze the page. */
const MAX_ENTRIES = 100;
const MAX_CHARS = 2_000;
/** Deeper levels start collapsed. */
const OPEN_DEPTH = 3;
const OPEN_ENTRIES = 30;

/** Any JSON value: indented, colored, collapsible, with a copy button. */
export function JsonView({ value, runId, label = 'Value', fileUrl }: JsonViewProps) {
  const ofRun: FileUrl = (id) => (runId === undefined ? undefined : urlOf(getRunFile, { id: runId, file: id }));
  return (
    <section className={styles.view} aria-label={label}>
      <div className={styles.copy}>
        <CopyIcon text={typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '')} label="Copy as JSON" />
      </div>
      <div className={styles.tree}>
        <Value value={value} depth={0} runId={runId} fileUrl={fileUrl ?? ofRun} comma={false} />
      </div>
    </section>
  );
}

interface ValueProps {
  readonly name?: string;
  readonly value: unknown;
  readonly depth: number;
  readonly runId: string | undefined;
  readonly fileUrl: FileUrl;
  readonly comma: boolean;
}

function Value(props: ValueProps) {
  const { value, runId } = props;
  if (isBlob(value)) return <BlobValue name={props.name} blob={value} runId={runId} />;
  if (isFileHandle(value)) {
    return (
      <div className={styles.line}>
        <Name name={props.name} />
        <FileChip file={value} url={props.fileUrl(value.id)} />
      </div>
    );
  }
  if (props.depth === 0 && isFilesRef(value)) return <LargeWithFiles {...props} value={value} />;
  const entries = Array.isArray(value) ? value.map((item, index) => [String(index), item] as const) : isPlainObject(value) ? Object.entries(value) : undefined;
  if (entries && entries.length > 0) return <Branch {...props} entries={entries} isArray={Array.isArray(value)} />;
  return (
    <div className={styles.line}>
      <Name name={props.name} />
      <Leaf value={value} />
      {props.comma && ','}
    </div>
  );
}

/** A large value: its beginning, and its files. */
function LargeWithFiles({ value: { $files, value }, ...props }: ValueProps & { value: FilesRef }) {
  return (
    <>
      <Value {...props} value={value} />
      {$files.map(({ $file: id, path, ...about }) => (
        <Value key={path.join('.')} {...props} depth={1} name={path.join('.')} value={new FileHandle({ id, ...about })} />
      ))}
    </>
  );
}

const Name = ({ name }: { name: string | undefined }) => name !== undefined && <span className={styles.name}>{JSON.stringify(name)}: </span>;

function Branch({ name, depth, runId, fileUrl, comma, entries, isArray }: ValueProps & { entries: readonly (readonly [string, unknown])[]; isArray: boolean }) {
  const [open, setOpen] = useState(depth < OPEN_DEPTH && (depth === 0 || entries.length <= OPEN_ENTRIES));
  const [shown, setShown] = useState(MAX_ENTRIES);
  const [left, right] = isArray ? ['[', ']'] : ['{', '}'];
  const end = comma ? `${right},` : right;
  return (
    <div>
      <button type="button" className={styles.fold} aria-expanded={open} onClick={() => setOpen(!open)}>
        <IconChevronRight size={12} stroke={2} className={styles.chevron} aria-hidden />
        <Name name={name} />
        {left}
        {!open && <span className={styles.summary}>{isArray ? `${entries.length} items` : `${entries.length} fields`}</span>}
        {!open && end}
      </button>
      {open && (
        <div className={styles.children}>
          {entries.slice(0, shown).map(([key, item], index) => (
            <Value
              key={key}
              {...(!isArray && { name: key })}
              value={item}
              depth={depth + 1}
              runId={runId}
              fileUrl={fileUrl}
              comma={index < entries.length - 1}
            />
          ))}
          {entries.length > shown && (
            <button type="button" className={styles.more} onClick={() => setShown(shown + MAX_ENTRIES)}>
              Show {Math.min(MAX_ENTRIES, entries.length - shown)} more of {entries.length}
            </button>
          )}
        </div>
      )}
      {open && <div className={styles.line}>{end}</div>}
    </div>
  );
}

function Leaf({ value }: { value: unknown }) {
  const [all, setAll] = useState(false);
  if (value === undefined) return <span className={styles.nothing}>nothing</span>;
  if (typeof value !== 'string')
    return <span className={value === null || typeof value === 'object' ? undefined : styles.literal}>{JSON.stringify(value)}</span>;
  const cut = !all && value.length > MAX_CHARS;
  return (
    <span className={styles.string}>
      {JSON.stringify(cut ? value.slice(0, MAX_CHARS) : value)}
      {cut && (
        <button type="button" className={styles.more} onClick={() => setAll(true)}>
          Show all {value.length.toLocaleString('en')} characters
        </button>
      )}
    </span>
  );
}
