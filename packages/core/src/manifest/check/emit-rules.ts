import { leavesRoot } from './leaves-root.ts'
import type { Checked, Report } from './rule.ts'

const EXTENSION = /\.(?:m?ts|m?js|json)$/

/** Checks where the module of all pictures is written, and whether it can refer to their files. */
export function checkEmit({ file, manifest: { emit, out } }: Checked, report: Report): void {
  if (emit === null) return
  checkEmittedFile(emit.file, { report, isMap: typeof file.emit !== 'string' })
  if (out === null) {
    report({
      code: 'emit',
      path: ['emit'],
      part: 'key',
      message: '`emit` lists the files in `out`, but the manifest has no `out`.',
      hint: 'Add `out`, for example `out: public/images`.',
    })
  } else if (emit.as === 'urls' && emit.base === null) {
    report({
      code: 'emit',
      path: ['emit'],
      part: 'key',
      message: `Limn does not know the URL of ${out}.`,
      hint: 'Add it: `emit: { file: …, base: /images }`.',
    })
  }
  if (emit.as === 'imports' && emit.file.endsWith('.json')) {
    report({
      code: 'emit',
      path: ['emit', 'as'],
      message: 'A JSON file has no imports.',
      hint: 'Write `as: urls`, or emit a .ts or .js file.',
    })
  }
  if (emit.as === 'imports' && typeof file.emit === 'object' && file.emit.base !== undefined) {
    report({
      code: 'emit',
      path: ['emit', 'base'],
      part: 'key',
      message: '`base` has no effect on imports.',
      hint: 'Remove it, or write `as: urls`.',
    })
  }
}

function checkEmittedFile(
  file: string,
  { report, isMap }: { report: Report; isMap: boolean },
): void {
  const path = isMap ? ['emit', 'file'] : ['emit']
  if (leavesRoot(file)) {
    report({
      code: 'path',
      path,
      message: `\`emit\` must be a file inside the project, but "${file}" is not.`,
      hint: 'Write it relative to the manifest, for example src/pictures.ts.',
    })
  } else if (!EXTENSION.test(file) || /\.d\.m?ts$/.test(file)) {
    report({
      code: 'emit',
      path,
      message: `Limn can't write pictures to "${file}".`,
      hint: 'Use the extension .ts, .mts, .js, .mjs or .json.',
    })
  } else if (/^(\.limn|node_modules|\.git)(\/|$)/i.test(file)) {
    report({
      code: 'path',
      path,
      message: `\`emit\` can't be "${file}": Limn or another tool stores files there.`,
      hint: 'Choose another folder, for example src/pictures.ts.',
    })
  }
}
