import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { cutManifest } from './derive.ts'
import { runLimn } from './measure.ts'
import { type CutFormat, cuts, writePictures } from './pictures.ts'

/** The tools that are compared: each serves the pictures of the same site. */
export const contenders = ['limn', 'imagetools', 'plain'] as const
export type Contender = (typeof contenders)[number]

export type SiteOptions = {
  count: number
  /** Size of the pictures, px. */
  picture: { width: number; height: number }
  /** Widths that each picture is cut to in each format, px. */
  widths: readonly number[]
  formats: readonly CutFormat[]
}

/** Creates the same site for each contender, in its own folder. Its page imports every picture. */
export async function createSites(
  root: string,
  { count, picture, ...cut }: SiteOptions,
): Promise<Record<Contender, string>> {
  const names = await writePictures(join(root, 'photos'), count, picture)
  const folders = Object.fromEntries(
    contenders.map((contender) => [contender, join(root, contender)]),
  ) as Record<Contender, string>
  for (const contender of contenders) {
    const folder = folders[contender]
    mkdirSync(join(folder, 'src'), { recursive: true })
    cpSync(join(root, 'photos'), join(folder, 'photos'), { recursive: true })
    writeFileSync(join(folder, 'package.json'), '{ "type": "module", "private": true }')
    writeFileSync(
      join(folder, 'index.html'),
      '<!doctype html><html lang="en"><body><script type="module" src="/src/main.js"></script></body></html>',
    )
  }
  writeFileSync(join(folders.limn, 'images.yaml'), cutManifest(names, { out: false, ...cut }))
  writeMain(folders.limn, names, (name) => [`virtual:limn/${name}`])
  writeMain(folders.imagetools, names, (name) =>
    cut.formats.map(
      (format) =>
        `../photos/${name}.png?w=${cut.widths.join(';')}&format=${format}&quality=${cuts.quality[format]}&effort=${cuts.effort}&as=srcset`,
    ),
  )
  return folders
}

/** Copies the files that Limn has cut to the plain site, so that all three sites ship the same. */
export async function fillPlainSite(
  { limn, plain }: Record<Contender, string>,
  { widths, formats }: SiteOptions,
): Promise<void> {
  const names = readdirSync(join(plain, 'photos')).map((file) => file.replace('.png', ''))
  const root = join(plain, 'cut')
  mkdirSync(root, { recursive: true })
  cpSync(join(limn, 'photos'), join(root, 'photos'), { recursive: true })
  cpSync(join(limn, 'images.lock'), join(root, 'images.lock'))
  cpSync(join(limn, 'node_modules'), join(root, 'node_modules'), { recursive: true })
  writeFileSync(join(root, 'images.yaml'), cutManifest(names, { out: true, widths, formats }))
  await runLimn(['generate'], root)
  writeMain(plain, names, (name) =>
    readdirSync(join(root, 'public/pictures', name)).map(
      (file) => `../cut/public/pictures/${name}/${file}`,
    ),
  )
}

/** Writes the scripts of the site's pages: `main.js` with all pictures, `first.js` with the first. */
function writeMain(
  folder: string,
  names: readonly string[],
  importsOf: (name: string) => readonly string[],
): void {
  const write = (file: string, pictures: readonly string[]): void => {
    const imports = pictures.flatMap((name) => importsOf(name))
    const lines = imports.map((id, index) => `import picture${index} from '${id}'`)
    writeFileSync(
      join(folder, 'src', file),
      `${lines.join('\n')}\nexport const pictures = [${imports.map((_, index) => `picture${index}`).join(', ')}]\nglobalThis.document?.body?.append(JSON.stringify(pictures))\n`,
    )
  }
  write('main.js', names)
  write('first.js', names.slice(0, 1))
}

/** Changes the pixels of one picture: the result is in no cache. */
export async function changePicture(folder: string): Promise<void> {
  const path = join(folder, 'photos/picture-0.png')
  writeFileSync(path, await sharp(readFileSync(path)).linear(0.98, 2).png().toBuffer())
}
