import { HighlightStyle } from '@codemirror/language'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

/** Colours of the parts of a manifest, for light and dark: `playground.css` sets the variables. */
export const highlighting = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--pg-key)' },
  { tag: [tags.string, tags.content, tags.attributeValue], color: 'var(--pg-text)' },
  { tag: [tags.comment, tags.lineComment], color: 'var(--pg-dim)', fontStyle: 'italic' },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: 'var(--pg-number)' },
  {
    tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace],
    color: 'var(--pg-dim)',
  },
])

const surface = { backgroundColor: 'var(--vp-c-bg-elv)', color: 'var(--vp-c-text-1)' }
const frame = { border: '1px solid var(--vp-c-divider)', borderRadius: '8px' }

export const editorTheme = EditorView.theme({
  '&': { height: '100%', fontSize: '14px', color: 'var(--vp-c-text-1)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--vp-font-family-mono)', lineHeight: '1.6' },
  '.cm-content': { padding: '12px 0', caretColor: 'var(--vp-c-text-1)' },
  '.cm-cursor': { borderLeftColor: 'var(--vp-c-text-1)' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--pg-dim)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--vp-c-default-soft)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground':
    { backgroundColor: 'var(--vp-c-brand-soft)' },
  '.cm-tooltip': { ...surface, ...frame, boxShadow: 'var(--vp-shadow-3)', overflow: 'hidden' },
  '.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--vp-font-family-mono)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 10px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--vp-c-brand-soft)',
    color: 'var(--vp-c-text-1)',
  },
  '.cm-completionMatchedText': { textDecoration: 'none', color: 'var(--vp-c-brand-1)' },
  '.cm-tooltip.cm-completionInfo, .cm-key-tooltip': {
    maxWidth: '340px',
    padding: '8px 12px',
    fontSize: '13px',
    lineHeight: '1.5',
    whiteSpace: 'pre-wrap',
  },
  '.cm-diagnostic': { padding: '6px 12px', fontSize: '13px', whiteSpace: 'pre-wrap' },
})
