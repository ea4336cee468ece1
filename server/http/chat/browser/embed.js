/*
 * Adds a button to a page of another site, which opens the chat in a frame. It reads nothing of that page. Styles are set one by one, since the
 * page’s content policy may forbid style elements.
 */

/** @param {{ url: string, title: string, allowed: string[] }} chat */
export function embedChat({ url, title, allowed }) {
  if (!allowed.includes(location.origin)) {
    console.warn(`This chat may not be embedded on ${location.origin}. Add it to the pages that may embed the chat, in the settings of its trigger.`);
    return;
  }
  const button = document.createElement('button');
  const frame = document.createElement('iframe');
  button.type = 'button';
  button.setAttribute('aria-expanded', 'false');
  button.setAttribute('aria-label', `Open chat: ${title}`);
  button.append(icon(OPEN));
  frame.title = title;
  Object.assign(button.style, BUTTON);
  Object.assign(frame.style, FRAME);
  const show = (/** @type {boolean} */ isOpen) => {
    if (isOpen && !frame.src) frame.src = url;
    frame.style.display = isOpen ? 'block' : 'none';
    button.setAttribute('aria-expanded', String(isOpen));
    button.setAttribute('aria-label', `${isOpen ? 'Close' : 'Open'} chat: ${title}`);
    button.replaceChildren(icon(isOpen ? CLOSE : OPEN));
    if (isOpen) frame.focus();
    else button.focus();
  };
  button.addEventListener('click', () => show(frame.style.display === 'none'));
  addEventListener('message', ({ source, data }) => {
    if (source === frame.contentWindow && data === 'switchyard:close') show(false);
  });
  const add = () => document.body.append(frame, button);
  if (document.body) add();
  else addEventListener('DOMContentLoaded', add);
}

const OPEN = 'M4 5h16v11H9l-5 4z';
const CLOSE = 'M6 6l12 12M18 6L6 18';

/** @param {string} path */
function icon(path) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  const attributes = { viewBox: '0 0 24 24', width: '26', height: '26', fill: 'none', stroke: 'currentColor', 'stroke-width': '2', 'stroke-linejoin': 'round' };
  for (const [name, value] of Object.entries({ ...attributes, 'stroke-linecap': 'round', 'aria-hidden': 'true' })) svg.setAttribute(name, value);
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}

const LAYER = '2147483000';
const BUTTON = {
  position: 'fixed',
  right: '20px',
  bottom: '20px',
  zIndex: LAYER,
  width: '56px',
  height: '56px',
  padding: '0',
  border: '0',
  borderRadius: '50%',
  background: '#4f46e5',
  color: '#fff',
  display: 'grid',
  placeItems: 'center',
  boxShadow: '0 4px 16px rgb(0 0 0 / 25%)',
  cursor: 'pointer',
};
const FRAME = {
  display: 'none',
  position: 'fixed',
  right: '20px',
  bottom: '88px',
  zIndex: LAYER,
  width: 'min(400px, calc(100vw - 40px))',
  height: 'min(620px, calc(100vh - 112px))',
  border: '1px solid rgb(128 128 128 / 40%)',
  borderRadius: '12px',
  background: 'Canvas',
  boxShadow: '0 8px 32px rgb(0 0 0 / 25%)',
};
