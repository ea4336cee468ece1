import type { FileFacts } from '@switchyard/shared/files/file-handle.ts';
import { isTextType } from '@switchyard/shared/files/file-type.ts';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { messageOf } from '../ui/message-of.ts';
import styles from './file-chip.module.css';

/*
 * What is in a file, shown without running any of it: an image under the type that the server found, text as text. SVG and HTML are text.
 */

type Kind = 'image' | 'text';

const IMAGE = /^image\/(?:png|jpeg|gif|webp|avif|bmp)$/;
/** Longer text is cut. */
const MOST_CHARACTERS = 20_000;
/** Larger files are only downloaded. */
const MOST_BYTES = 10_000_000;
const KEPT_MS = 300_000;

/** How a file can be shown. Undefined if it can’t. */
export function previewKind({ type, bytes }: Pick<FileFacts, 'type' | 'bytes'>): Kind | undefined {
  if (bytes > MOST_BYTES) return undefined;
  if (IMAGE.test(type)) return 'image';
  return isTextType(type) ? 'text' : undefined;
}

async function load(url: string, signal: AbortSignal): Promise<Blob> {
  const response = await fetch(url, { signal });
  if (response.ok) return response.blob();
  throw new Error(response.status === 410 ? 'The file was removed.' : `The server returned ${response.status}.`);
}

export function FilePreview({ file, url, kind }: { file: FileFacts; url: string; kind: Kind }) {
  const { data, error } = useQuery({ queryKey: ['file', url], queryFn: ({ signal }) => load(url, signal), staleTime: KEPT_MS, gcTime: KEPT_MS, retry: false });
  if (error) return <p className={styles.failure}>Couldn’t load the file. {messageOf(error)}</p>;
  if (!data) return <p className={styles.loading}>Loading…</p>;
  return kind === 'text' ? <TextPreview name={file.name} content={data} /> : <ImagePreview file={file} content={data} />;
}

/** Under the type that the server found, whatever the response said. */
function ImagePreview({ file, content }: { file: FileFacts; content: Blob }) {
  const [url, setUrl] = useState('');
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([content], { type: file.type }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [content, file.type]);
  if (url === '') return null;
  return <img className={styles.image} src={url} alt={file.name} />;
}

function TextPreview({ name, content }: { name: string; content: Blob }) {
  const [text, setText] = useState<string>();
  useEffect(() => {
    let isShown = true;
    void content
      .slice(0, 4 * MOST_CHARACTERS)
      .text()
      .then((read) => {
        if (isShown) setText(read);
      });
    return () => {
      isShown = false;
    };
  }, [content]);
  if (text === undefined) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
    <section className={styles.text} tabIndex={0} aria-label={`Content of ${name}`}>
      {text.slice(0, MOST_CHARACTERS)}
      {text.length > MOST_CHARACTERS && '…'}
    </section>
  );
}
