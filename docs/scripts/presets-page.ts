import { listPresets, listStyles } from '../../packages/core/src/project/built-ins.ts'
import { code, plain, table } from './markdown.ts'

/** Lists the built-in presets, as `limn presets` does. */
export function presetsPage(): string {
  const { presets, aliases, groups, asOf, source } = listPresets()
  const rows = Object.entries(presets).map(([name, preset]) => [
    code(name),
    preset.width === undefined ? '' : `${preset.width} × ${preset.height ?? '…'}`,
    (preset.formats ?? []).join(', '),
    preset.maxBytes === undefined ? '' : `${Math.round(preset.maxBytes / 1000)} kB`,
    preset.safe === undefined ? '' : `${preset.safe.width} × ${preset.safe.height}`,
    plain(preset.note ?? ''),
  ])
  const others = Object.entries(aliases).map(([alias, name]) => `${code(alias)} is ${code(name)}.`)
  const sets = Object.entries(groups).map(([group, names]) => [
    code(group),
    names.map((name) => code(name)).join(', '),
  ])
  return `# Presets

An output can name one of these without defining it: \`outputs: [og]\`. Sizes are px, as of ${asOf}, from ${source}. The safe area is the middle part that every client shows. [Custom presets](../manifest.md#custom-presets) work the same way.

${table(['preset', 'size', 'formats', 'largest file', 'safe area', 'note'], rows)}

${others.join(' ')}

## Groups

A group stands for several presets.

${table(['group', 'presets'], sets)}
`
}

/** Lists the built-in styles, as `limn styles` does. */
export function stylesPage(): string {
  const rows = Object.entries(listStyles()).map(([name, { zh, text, avoid }]) => [
    code(name),
    code(zh),
    plain(text),
    plain(avoid ?? ''),
  ])
  return `# Styles

An asset can name one of these without defining it: \`style: watercolor\`. A style adds text to the prompt and says what to avoid; by its Chinese name it adds Chinese text. [Your own styles](../manifest.md#styles) work the same way.

${table(['style', 'Chinese name', 'text', 'avoids'], rows)}
`
}
