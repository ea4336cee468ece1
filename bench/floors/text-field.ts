import { autocompletion } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { EditorView, keymap, placeholder } from '@codemirror/view';

/*
 * The floor of typing: a CodeMirror with the library's extensions that the inspector's text field uses, and nothing else on the page.
 */

const parent = document.createElement('div');
parent.style.width = '340px';
document.body.append(parent);

new EditorView({
  parent,
  doc: 'Answer this message: {{ input.message }}',
  extensions: [
    history(),
    EditorView.lineWrapping,
    autocompletion({ override: [() => null] }),
    keymap.of([...historyKeymap, ...defaultKeymap]),
    placeholder('Message'),
    EditorView.contentAttributes.of({ 'aria-label': 'Message' }),
    EditorView.theme({ '&': { fontSize: '12.5px' }, '.cm-content': { minHeight: '68px' } }),
  ],
});
