import { createHash } from 'node:crypto'

/** The one style sheet of the pages. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ink: light-dark(#1c1f24, #e8eaee);
  --soft: light-dark(#5a626e, #a3abb8);
  --paper: light-dark(#ffffff, #16181d);
  --card: light-dark(#f4f5f7, #1f232a);
  --line: light-dark(#c9ced6, #3a404b);
  --accent: light-dark(#1f5fbf, #8ab4f8);
  --on-accent: light-dark(#ffffff, #10131a);
  --warn: light-dark(#a3261c, #ff9b92);
}
* { box-sizing: border-box; }
body {
  margin: 0 auto;
  padding: 1rem 1.25rem 4rem;
  max-width: 44rem;
  background: var(--paper);
  color: var(--ink);
  font: 1rem/1.55 system-ui, sans-serif;
}
header {
  display: flex;
  flex-wrap: wrap;
  gap: 0.5rem 1.25rem;
  align-items: baseline;
  padding-bottom: 0.75rem;
  border-bottom: 1px solid var(--line);
}
header .home { margin-right: auto; font-weight: 700; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 1.75rem 0 0.75rem; }
h2 { font-size: 1.2rem; margin: 2.25rem 0 0.5rem; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
label { display: block; margin: 0.9rem 0 0.2rem; font-weight: 600; }
label.choice { font-weight: 400; }
input:not([type='checkbox']), textarea {
  width: 100%;
  padding: 0.5rem 0.6rem;
  border: 1px solid var(--soft);
  border-radius: 0.35rem;
  background: var(--paper);
  color: var(--ink);
  font: inherit;
}
img.picture { display: block; max-width: 100%; height: auto; border-radius: 0.35rem; }
.said { white-space: pre-line; overflow-wrap: anywhere; }
ul.tags { display: flex; flex-wrap: wrap; gap: 0.4rem; padding: 0; list-style: none; }
ul.tags li { padding: 0.1rem 0.6rem; border-radius: 1rem; background: var(--card); }
ul.grid { display: grid; gap: 0.75rem; grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); padding: 0; list-style: none; }
ul.grid img { display: block; width: 100%; height: auto; border-radius: 0.35rem; }
button {
  margin: 1rem 0.5rem 0 0;
  padding: 0.5rem 1rem;
  border: 1px solid var(--accent);
  border-radius: 0.35rem;
  background: var(--accent);
  color: var(--on-accent);
  font: inherit;
  font-weight: 600;
  cursor: pointer;
}
button.quiet { margin-top: 0; background: transparent; color: var(--accent); }
button.danger { border-color: var(--warn); background: transparent; color: var(--warn); }
.hint { margin: 0.2rem 0 0; color: var(--soft); font-size: 0.9rem; }
.card { margin: 0.75rem 0; padding: 0.75rem 1rem; border-radius: 0.5rem; background: var(--card); }
.card p { margin: 0.25rem 0; }
.problem { border-left: 4px solid var(--warn); }
.done { border-left: 4px solid var(--accent); }
ul.rows { list-style: none; padding: 0; }
ul.rows li {
  display: flex;
  flex-wrap: wrap;
  gap: 0.25rem 1rem;
  align-items: center;
  justify-content: space-between;
  padding: 0.6rem 0;
  border-bottom: 1px solid var(--line);
}
dt { margin-top: 0.6rem; font-weight: 600; }
dd { margin: 0; }
code { overflow-wrap: anywhere; font-size: 0.95em; }
`

/** Changes with the sheet, so that browsers may keep it for good. */
export const STYLE_VERSION = createHash('sha256').update(STYLE).digest('hex').slice(0, 12)
