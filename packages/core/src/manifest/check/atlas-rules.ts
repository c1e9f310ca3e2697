import { didYouMean } from '../../did-you-mean.ts'
import { packedNames } from '../resolve/atlases.ts'
import { leavesRoot } from './leaves-root.ts'
import type { Checked, Report } from './rule.ts'

/** Checks which pictures atlases pack, and where they are written. */
export function checkAtlases({ file, manifest }: Checked, report: Report): void {
  const names = manifest.assets.map(({ name }) => name)
  const firstByFile = new Map<string, string>()
  for (const { name, file: path } of manifest.atlases ?? []) {
    checkAtlasFile(name, path, report)
    const base = path.replace(/\.[^./]+$/, '').toLowerCase()
    const first = firstByFile.get(base)
    firstByFile.set(base, first ?? name)
    if (first !== undefined) {
      report({
        code: 'atlas',
        path: ['atlases', name, 'file'],
        message: `The atlases "${first}" and "${name}" write the same files.`,
        hint: 'Choose another name for one of them.',
      })
    }
    for (const [index, picture] of file.atlases![name]!.pictures.entries()) {
      if (packedNames(picture, manifest.assets).length > 0) continue
      report({
        code: 'unknown-asset',
        path: ['atlases', name, 'pictures', index],
        message: `There is no asset "${picture}".`,
        hint:
          didYouMean(picture, names) ?? 'Name an asset, or several by the start of their names.',
      })
    }
  }
}

function checkAtlasFile(name: string, file: string, report: Report): void {
  const path = ['atlases', name, 'file']
  if (leavesRoot(file)) {
    report({
      code: 'path',
      path,
      message: `An atlas must be a file inside the project, but "${file}" is not.`,
      hint: 'Write it relative to the manifest, for example public/sprites.png.',
    })
  } else if (!/[^/]\.(?:png|webp)$/.test(file)) {
    report({
      code: 'atlas',
      path,
      message: `Limn can't write an atlas to "${file}".`,
      hint: 'Use the extension .png or .webp.',
    })
  } else if (/^(\.limn|node_modules|\.git)(\/|$)/i.test(file)) {
    report({
      code: 'path',
      path,
      message: `An atlas can't be "${file}": Limn or another tool stores files there.`,
      hint: 'Choose another folder, for example public/sprites.png.',
    })
  }
}
