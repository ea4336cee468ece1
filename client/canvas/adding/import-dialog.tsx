import { Button, FileButton, Modal, Textarea, TextInput } from '@mantine/core';
import { fromCurl } from '@switchyard/nodes/io/import/from-curl.ts';
import { type ApiDocument, fromOpenApi } from '@switchyard/nodes/io/import/from-openapi.ts';
import type { ImportedRequest } from '@switchyard/nodes/io/import/imported.ts';
import { useState } from 'react';
import { matchScore, wordsOf } from '../../frame/match-words.ts';
import type { Preset } from '../../graph-editing/operations/add-node.ts';
import { messageOf } from '../../ui/message-of.ts';
import { showNotes } from '../../ui/toast.tsx';
import styles from './import-dialog.module.css';

export type ImportFrom = 'curl' | 'openapi';

interface ImportProps {
  readonly onAdd: (preset: Preset) => void;
  readonly onClose: () => void;
}

/** Adds an HTTP request node from a curl command or an OpenAPI document. Nothing leaves the browser. */
export function ImportDialog({ from, ...props }: ImportProps & { readonly from: ImportFrom }) {
  const add = ({ title, params, notes }: ImportedRequest) => {
    props.onAdd({ title, params });
    props.onClose();
    if (notes.length > 0) showNotes(notes);
  };
  return (
    <Modal opened onClose={props.onClose} title={from === 'curl' ? 'Import from curl' : 'Import from OpenAPI'} size={600}>
      {from === 'curl' ? <Curl onAdd={add} onClose={props.onClose} /> : <OpenApi onAdd={add} onClose={props.onClose} />}
    </Modal>
  );
}

interface SourceProps {
  readonly onAdd: (request: ImportedRequest) => void;
  readonly onClose: () => void;
}

function Curl({ onAdd, onClose }: SourceProps) {
  const [command, setCommand] = useState('');
  const [problem, setProblem] = useState<string>();
  const read = () => {
    try {
      onAdd(fromCurl(command));
    } catch (thrown) {
      setProblem(messageOf(thrown));
    }
  };
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        read();
      }}
    >
      <Textarea
        label="curl command"
        description="Credentials in it are left out. Choose a connection in the node instead."
        placeholder="curl https://api.example.com/orders -H 'Accept: application/json'"
        value={command}
        error={problem}
        data-autofocus
        autosize
        minRows={5}
        maxRows={14}
        spellCheck={false}
        onChange={(event) => {
          setCommand(event.currentTarget.value);
          setProblem(undefined);
        }}
      />
      <div className={styles.foot}>
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="filled" type="submit" disabled={command.trim() === ''}>
          Add node
        </Button>
      </div>
    </form>
  );
}

const MOST_BYTES = 8_000_000;
const MOST_SHOWN = 200;

/** JSON is read as such: it is much faster than as YAML. */
async function parsed(text: string): Promise<ApiDocument> {
  if (text.length > MOST_BYTES) throw new Error('The document is larger than 8 MB.');
  if (/^\s*\{/.test(text)) return fromOpenApi(JSON.parse(text));
  const { parse } = await import('yaml');
  return fromOpenApi(parse(text));
}

function OpenApi({ onAdd, onClose }: SourceProps) {
  const [text, setText] = useState('');
  const [api, setApi] = useState<ApiDocument>();
  const [problem, setProblem] = useState<string>();
  const read = (source: string) => {
    setText(source);
    parsed(source).then(setApi, (thrown: unknown) => setProblem(messageOf(thrown)));
  };
  if (api) return <Operations api={api} onAdd={onAdd} />;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        read(text);
      }}
    >
      <Textarea
        label="OpenAPI document"
        description="Version 3 or Swagger 2, as JSON or YAML. It is read in this browser."
        value={text}
        error={problem}
        data-autofocus
        minRows={6}
        maxRows={12}
        autosize
        spellCheck={false}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setProblem(undefined);
        }}
      />
      <div className={styles.foot}>
        <FileButton accept=".json,.yaml,.yml" onChange={(file) => void file?.text().then(read)}>
          {(props) => <Button {...props}>Choose a file</Button>}
        </FileButton>
        <span className={styles.space} />
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="filled" type="submit" disabled={text.trim() === ''}>
          List operations
        </Button>
      </div>
    </form>
  );
}

function Operations({ api, onAdd }: { api: ApiDocument; onAdd: SourceProps['onAdd'] }) {
  const [search, setSearch] = useState('');
  const words = wordsOf(search);
  const found = api.operations.filter(({ id, summary }) => matchScore({ title: summary, rest: id }, words) > 0);
  return (
    <div className={styles.form}>
      <TextInput
        label={`Operations of ${api.title}`}
        placeholder="Search operations"
        value={search}
        data-autofocus
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <ul className={styles.operations}>
        {found.slice(0, MOST_SHOWN).map((operation) => (
          <li key={operation.id}>
            <button type="button" onClick={() => onAdd(operation.request())}>
              <code>{operation.method}</code>
              <span>
                {operation.path}
                {operation.summary && <small>{operation.summary}</small>}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className={styles.none}>No operations match.</p>}
      {found.length > MOST_SHOWN && <p className={styles.none}>{found.length - MOST_SHOWN} more. Search to narrow the list.</p>}
    </div>
  );
}
