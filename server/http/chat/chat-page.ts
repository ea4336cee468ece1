import { readFileSync } from 'node:fs';
import { type ChatSettings, MOST_MESSAGE_TEXT } from '@switchyard/shared/contracts/triggers/hosted-pages.ts';
import { escaped, type HostedPage, hostedPage } from '../hosted/hosted-page.ts';

/** The page of a chat. `accepts`: the types of files that can be attached, empty for any, undefined for none. Its script, browser/chat.js, is the only thing on it that runs. */
export function chatPage({ title, greeting }: ChatSettings, accepts: readonly string[] | undefined): HostedPage {
  const body = `<header><h1>${escaped(title)}</h1><button type="button" id="new" class="plain" hidden>New conversation</button></header>
<div id="log" role="log" aria-label="Conversation" tabindex="0">${greeting === '' ? '' : `<div class="message"><span class="hidden">Reply: </span><p>${escaped(greeting)}</p></div>`}</div>
<p id="note" role="status"></p>
<ul id="files" aria-label="Attached files"></ul>
<form id="send">
${accepts ? `<label class="attach" title="Attach files"><span class="hidden">Attach files</span><span aria-hidden="true">+</span><input type="file" id="attach" multiple accept="${escaped(accepts.join(','))}"></label>` : ''}
<label class="hidden" for="text">Message</label>
<textarea id="text" rows="1" placeholder="Write a message" autocomplete="off" data-most="${MOST_MESSAGE_TEXT}"></textarea>
<button type="submit">Send</button>
</form>
<noscript><p role="alert">This chat needs JavaScript. Turn it on for this page.</p></noscript>`;
  return hostedPage({ title, body, style: STYLE, script: SCRIPT });
}

const partOf = (file: string): string =>
  readFileSync(new URL(`./browser/${file}`, import.meta.url), 'utf8')
    .replace(/^import .*$/gm, '')
    .replace(/^export /gm, '');

/** Files of browser/, as one classic script that calls an exported function with this. */
export const browserScript = (files: readonly string[], call: string): string => `(() => {\n${files.map(partOf).join('\n')}\n${call}\n})();`;

const SCRIPT = browserScript(['thumbs.js', 'chat.js'], 'startChat();');

const STYLE = `
html, body { height: 100%; }
body { padding: 0; }
main { display: flex; flex-direction: column; max-width: 760px; height: 100%; height: 100dvh; padding: 0; border-radius: 0; }
header { display: flex; flex: none; gap: 12px; align-items: center; justify-content: space-between; padding: 12px 16px; border-bottom: 1px solid color-mix(in srgb, var(--line) 40%, transparent); }
h1 { margin: 0; font-size: 18px; }
#log { display: flex; flex: 1; flex-direction: column; gap: 12px; min-height: 0; padding: 16px; overflow-y: auto; overscroll-behavior: contain; }
.message { align-self: flex-start; max-width: 85%; padding: 10px 14px; border-radius: 14px 14px 14px 4px; background: var(--back); }
.message p { margin: 0; white-space: pre-wrap; }
.message.own { align-self: flex-end; border-radius: 14px 14px 4px 14px; background: var(--accent); color: var(--on); }
.message.failed { color: var(--wrong); }
.message.soft { color: var(--soft); }
.message a { color: inherit; }
#note { flex: none; min-height: 24px; margin: 0; padding: 0 16px; color: var(--soft); font-size: 14px; }
#note.wrong { color: var(--wrong); }
form { display: flex; flex: none; gap: 8px; align-items: flex-end; padding: 8px 16px 16px; }
textarea { flex: 1; min-width: 0; max-height: 40dvh; min-height: 44px; padding: 9px 12px; border: 1px solid var(--line); border-radius: 8px; background: var(--card); color: var(--text); font: inherit; resize: none; field-sizing: content; }
button { min-height: 44px; padding: 8px 18px; border: 0; border-radius: 8px; background: var(--accent); color: var(--on); font: inherit; font-weight: 600; cursor: pointer; }
button[aria-disabled="true"] { opacity: 0.6; cursor: default; }
#files { display: flex; flex: none; flex-wrap: wrap; gap: 6px; margin: 0; padding: 0 16px; list-style: none; font-size: 14px; }
#files:empty { display: none; }
#files li { display: flex; gap: 4px; align-items: center; max-width: 100%; padding: 2px 4px 2px 10px; border: 1px solid var(--line); border-radius: 14px; overflow-wrap: anywhere; }
#files button { min-height: 24px; min-width: 24px; padding: 0; background: none; color: var(--soft); font-weight: 400; }
.thumbs { display: flex; gap: 4px; align-items: center; margin: 6px 0 -4px -6px; color: var(--soft); font-size: 13px; }
.thumbs button { display: grid; min-width: 32px; min-height: 32px; padding: 0; border-radius: 8px; background: none; color: var(--soft); place-items: center; }
.thumbs button:hover { color: var(--text); }
.thumbs button[aria-pressed="true"] { background: color-mix(in srgb, var(--accent) 14%, transparent); color: var(--accent); }
.thumbs svg { width: 18px; height: 18px; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linejoin: round; }
.thumbs button[aria-pressed="true"] svg { fill: currentColor; }
.attach { position: relative; display: grid; flex: none; width: 44px; height: 44px; border: 1px solid var(--line); border-radius: 8px; font-size: 22px; place-items: center; cursor: pointer; }
.attach input { position: absolute; inset: 0; opacity: 0; cursor: pointer; }
.attach:focus-within { outline: 2px solid var(--accent); outline-offset: 2px; }
button.plain { flex: none; min-height: 36px; padding: 4px 10px; border: 1px solid var(--line); background: none; color: var(--text); font-size: 14px; font-weight: 400; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
[hidden] { display: none !important; }
`;
