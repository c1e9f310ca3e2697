import type { WireCall } from './server-dialect.ts'

/** Creates the body of a call: its fields as JSON, or a form with its files. */
export function createBody({ fields, files }: WireCall): Record<string, unknown> | FormData {
  if (files === null) return fields
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) appendField(form, name, value)
  for (const { field, name, bytes, type } of files) {
    form.append(field, new File([bytes as Uint8Array<ArrayBuffer>], name, { type }))
  }
  return form
}

function appendField(form: FormData, name: string, value: unknown): void {
  if (value === null || value === undefined) return
  if (typeof value !== 'object') {
    form.append(name, String(value))
    return
  }
  for (const [key, each] of Object.entries(value)) {
    appendField(form, Array.isArray(value) ? `${name}[]` : `${name}[${key}]`, each)
  }
}
