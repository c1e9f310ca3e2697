import type { Edit, Editable } from '../../../protocol.ts'

/** What a person has entered. Empty texts and lists are what they say: nothing. */
export type Draft = {
  prompt: string
  styles: readonly string[]
  alt: string
  model: string
  quality: string
  outputs: readonly string[]
  focus: { x: number; y: number } | null
}

/** Returns what the manifest has, to be changed. */
export function draftOf(editable: Editable): Draft {
  return {
    prompt: editable.prompt ?? '',
    styles: editable.styles,
    alt: editable.alt ?? '',
    model: editable.model ?? '',
    quality: editable.quality ?? '',
    outputs: editable.outputs,
    focus: editable.focus,
  }
}

/** Returns what a person has changed; `null` if it is as in the manifest. */
export function editOf(name: string, editable: Editable, draft: Draft): Edit | null {
  const before = draftOf(editable)
  const edit: Edit = { name }
  for (const field of ['prompt', 'alt', 'model', 'quality'] as const) {
    // A model or quality that is chosen back to nothing stays: the manifest has it elsewhere.
    const isCleared = draft[field] === '' && (field === 'model' || field === 'quality')
    if (draft[field] !== before[field] && !isCleared) edit[field] = draft[field]
  }
  if (!areEqual(draft.styles, before.styles)) edit.styles = [...draft.styles]
  if (!areEqual(draft.outputs, before.outputs)) edit.outputs = [...draft.outputs]
  const { focus } = draft
  if (focus !== null && (focus.x !== before.focus?.x || focus.y !== before.focus.y)) {
    edit.focus = focus
  }
  return Object.keys(edit).length === 1 ? null : edit
}

/** Returns a list without a value that it has, or with one that it lacks at its end. */
export function toggle(list: readonly string[], value: string): string[] {
  return list.includes(value) ? list.filter((each) => each !== value) : [...list, value]
}

function areEqual(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index])
}
