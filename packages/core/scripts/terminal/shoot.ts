/*
 * Takes pictures of what the command line prints, at 80 and 120 columns, with and without colours:
 *
 *     npx pnpm@12 screenshots terminal [FOLDER] [SCENE …]
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { launchBrowser } from '../../../../fixtures/browser.ts'
import { terminalPage } from './page.ts'
import { play, type Terminal } from './play.ts'
import { scenes } from './scenes.ts'

const terminals: readonly Terminal[] = [80, 120].flatMap((columns) =>
  [true, false].map((hasColours) => ({ columns, hasColours })),
)

const [folder = join(import.meta.dirname, '../../node_modules/.cache/terminal'), ...chosen] =
  process.argv.slice(2)
await mkdir(folder, { recursive: true })
const browser = await launchBrowser()
try {
  for (const name of chosen.length > 0 ? chosen : Object.keys(scenes)) await shoot(name)
} finally {
  await browser.close()
}
process.stdout.write(`${folder}\n`)

/** Takes the pictures of a scene, and writes its text next to each. */
async function shoot(name: string): Promise<void> {
  const scene = scenes[name]
  if (scene === undefined) {
    throw new Error(`There is no scene "${name}", only ${Object.keys(scenes).join(', ')}.`)
  }
  const page = await browser.newPage({ viewport: { width: 1100, height: 300 } })
  for (const terminal of terminals) {
    const text = await play(scene, terminal)
    const file = join(
      folder,
      `${name}-${terminal.columns}-${terminal.hasColours ? 'colour' : 'plain'}`,
    )
    await writeFile(`${file}.txt`, text)
    await page.setContent(terminalPage(`${name}, ${terminal.columns} columns`, text, terminal))
    await page.locator('body').screenshot({ path: `${file}.png` })
  }
  await page.close()
}
