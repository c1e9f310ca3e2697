import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  startCompletion,
} from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import { bracketMatching, indentOnInput, syntaxHighlighting } from '@codemirror/language'
import {
  type Diagnostic as EditorMark,
  lintGutter,
  lintKeymap,
  setDiagnostics,
} from '@codemirror/lint'
import { EditorState, type Extension } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  hoverTooltip,
  keymap,
  lineNumbers,
} from '@codemirror/view'
import type { Diagnostic } from '../../../../../packages/core/src/diagnostic.ts'
import { type Completed, completeManifest, describeKey } from './complete.ts'
import type { Schema } from './schema.ts'
import { editorTheme, highlighting } from './theme.ts'

/** The editor of the manifest. */
export type ManifestEditor = {
  text(): string
  /** Replaces the text; undo brings back what was there. */
  replace(text: string): void
  /** Completes and explains keys from this schema from now on. */
  setSchema(schema: Schema): void
  /** Underlines mistakes and warnings. */
  mark(diagnostics: readonly Diagnostic[]): void
  /** Moves the cursor to a place, both from 1. */
  goTo(line: number, column: number): void
  destroy(): void
}

type EditorOptions = {
  parent: Element
  text: string
  /** Accessible name. */
  label: string
  onChange: () => void
}

/** Creates the editor. The Tab key leaves it, so that a keyboard can reach the rest of the page. */
export function createEditor({ parent, text, label, onChange }: EditorOptions): ManifestEditor {
  let schema: Schema = {}
  const schemaExtensions = [
    autocompletion({ override: [(context) => complete(context, schema)], icons: false }),
    hoverTooltip((view, position) => {
      const description = describeKey(view.state.doc.toString(), position, schema)
      return description === undefined
        ? null
        : { pos: position, create: () => tooltip(description) }
    }),
  ]
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        ...basics(label),
        ...schemaExtensions,
        EditorView.updateListener.of(({ docChanged }) => {
          if (docChanged) onChange()
        }),
      ],
    }),
  })
  return {
    text: () => view.state.doc.toString(),
    replace: (next) => {
      const changes = { from: 0, to: view.state.doc.length, insert: next }
      view.dispatch({ changes, selection: { anchor: 0 }, scrollIntoView: true })
    },
    setSchema: (next) => {
      schema = next
    },
    mark: (diagnostics) => {
      const marks = diagnostics.map((each) => markOf(view.state, each))
      view.dispatch(setDiagnostics(view.state, marks))
    },
    goTo: (line, column) => {
      const anchor = offsetOf(view.state, line, column)
      view.dispatch({ selection: { anchor }, scrollIntoView: true })
      view.focus()
    },
    destroy: () => view.destroy(),
  }
}

function basics(label: string): Extension[] {
  return [
    lineNumbers(),
    lintGutter(),
    history(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    yaml(),
    syntaxHighlighting(highlighting),
    editorTheme,
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': label }),
    keymap.of([
      ...closeBracketsKeymap,
      ...defaultKeymap,
      ...historyKeymap,
      ...completionKeymap,
      ...lintKeymap,
    ]),
  ]
}

function complete(
  { state, pos, explicit }: CompletionContext,
  schema: Schema,
): CompletionResult | null {
  const completed = completeManifest(state.doc.toString(), pos, schema)
  if (completed === undefined) return null
  const { from } = completed
  // A list of everything would be in the way of a person who only starts a line.
  if (from === pos && !explicit && !completed.values.length) return null
  if (from === pos && !explicit && /\n[ ]*$/.test(state.sliceDoc(0, pos))) return null
  return { from, options: optionsOf(completed), validFor: /^[\w/-]*$/ }
}

function optionsOf({ keys, values }: Completed): CompletionResult['options'] {
  return [
    ...keys.map(({ label, description }) => ({
      label,
      type: 'property',
      ...(description === '' ? {} : { info: description }),
      apply: applyKey,
    })),
    ...values.map(({ label, description }) => ({
      label,
      type: 'enum',
      ...(description === '' ? {} : { info: description }),
    })),
  ]
}

/** Inserts a key with its colon, and offers its values. */
function applyKey(view: EditorView, { label }: { label: string }, from: number, to: number): void {
  const hasColon = view.state.sliceDoc(to, to + 1) === ':'
  const insert = hasColon ? label : `${label}: `
  view.dispatch({
    changes: { from, to, insert },
    selection: { anchor: from + insert.length },
    userEvent: 'input.complete',
  })
  if (!hasColon) startCompletion(view)
}

function tooltip(description: string): { dom: HTMLElement } {
  const dom = document.createElement('div')
  dom.className = 'cm-key-tooltip'
  dom.textContent = description
  return { dom }
}

function markOf(state: EditorState, { place, severity, message, hint }: Diagnostic): EditorMark {
  const from = offsetOf(state, place.line, place.column)
  const to = Math.min(state.doc.lineAt(from).to, from + Math.max(1, place.length))
  const text = hint === undefined ? message : `${message}\n${hint}`
  return { from, to: Math.max(from, to), severity, message: text }
}

/** Returns the offset of a line and column, both from 1, or the nearest that exists. */
function offsetOf({ doc }: EditorState, line: number, column: number): number {
  const { from, to } = doc.line(Math.min(Math.max(1, line), doc.lines))
  return Math.min(to, from + Math.max(0, column - 1))
}
