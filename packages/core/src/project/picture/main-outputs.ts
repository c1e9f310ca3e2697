import type { Output } from '../../manifest/manifest.ts'

/**
 * Returns the outputs that a reference without a selector selects: the files of one output, the
 * widest one for the site's own pages. Of several equally wide ones, the one with the most files,
 * then the first in the manifest. If no output is for pages, all of them are considered.
 */
export function mainOutputs(outputs: readonly Output[]): Output[] {
  const forPages = outputs.filter(({ isForPages }) => isForPages !== false)
  const groups = groupByPreset(forPages.length === 0 ? outputs : forPages)
  return groups.reduce((best, group) => {
    const difference = widthOf(group) - widthOf(best)
    const isBetter = difference > 0 || (difference === 0 && group.length > best.length)
    return isBetter ? group : best
  })
}

function groupByPreset(outputs: readonly Output[]): Output[][] {
  return [...new Set(outputs.map(({ preset }) => preset))].map((preset) =>
    outputs.filter((output) => output.preset === preset),
  )
}

function widthOf(group: readonly Output[]): number {
  return Math.max(...group.map(({ width }) => width))
}
