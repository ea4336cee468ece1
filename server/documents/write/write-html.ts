import { renderMarkdown } from '@switchyard/shared/expression/formats/markdown.ts';

const STYLE = `body{font:16px/1.55 system-ui,sans-serif;color:#1a1a1a;background:#fff;max-width:46rem;margin:2rem auto;padding:0 1rem}
h1,h2,h3{line-height:1.25}
pre,code{font-family:ui-monospace,monospace;background:#f4f4f5}
pre{padding:.75rem;overflow:auto}
table{border-collapse:collapse}
th,td{border:1px solid #d4d4d8;padding:.3rem .6rem;text-align:left}
blockquote{margin:0;padding-left:1rem;border-left:3px solid #d4d4d8}
img{max-width:100%}`;

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** A page that shows Markdown. HTML in it is shown as text, and links can’t run scripts. */
export const writeHtml = (markdown: string, title: string): string => `<!doctype html>
<html>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>
${STYLE}
</style>
</head>
<body>
${renderMarkdown(markdown)}
</body>
</html>
`;
