import type { FileFacts } from '@switchyard/shared/files/file-handle.ts';
import { IconChevronRight, IconDownload, IconFile, IconFileText, IconPhoto } from '@tabler/icons-react';
import { useState } from 'react';
import { formatBytes } from '../ui/format.ts';
import styles from './file-chip.module.css';
import { FilePreview, previewKind } from './file-preview.tsx';
import { typeLabel } from './type-label.ts';

interface FileChipProps {
  readonly file: FileFacts;
  /** Where it can be downloaded. Without it, the file is only named. */
  readonly url: string | undefined;
  /** Shows its content at first. */
  readonly isOpen?: boolean;
}

/** A file: its name, type, and size, with its content on demand, and a download. */
export function FileChip({ file, url, isOpen = false }: FileChipProps) {
  const [open, setOpen] = useState(isOpen);
  const kind = url === undefined ? undefined : previewKind(file);
  const Icon = file.type.startsWith('image/') ? IconPhoto : kind ? IconFileText : IconFile;
  return (
    <div className={styles.file}>
      <div className={styles.chip}>
        <Icon size={16} stroke={1.7} className={styles.icon} aria-hidden />
        <span className={styles.name} title={file.name}>
          {file.name}
        </span>
        <span className={styles.about}>
          {typeLabel(file.type)} · {formatBytes(file.bytes)}
        </span>
        {kind && (
          <button type="button" className={styles.action} aria-expanded={open} aria-label={`Preview ${file.name}`} onClick={() => setOpen(!open)}>
            <IconChevronRight size={14} stroke={1.8} className={styles.chevron} aria-hidden />
            Preview
          </button>
        )}
        {url !== undefined && (
          <a className={styles.action} href={url} download={file.name} aria-label={`Download ${file.name}`}>
            <IconDownload size={14} stroke={1.8} aria-hidden />
            Download
          </a>
        )}
      </div>
      {open && kind && url !== undefined && <FilePreview file={file} url={url} kind={kind} />}
    </div>
  );
}
