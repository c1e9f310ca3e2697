import { mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pid, ppid } from 'node:process'
import { expect, onTestFinished, test } from 'vitest'
import { sha256 } from '../digest.ts'
import { machine } from './process.ts'
import { removeStaleTemporaryFiles } from './temporary-files.ts'
import { writeFileAtomic } from './write-atomic.ts'

test('removes the temporary files of dead processes, and nothing else', async () => {
  const root = mkdtempSync(join(tmpdir(), 'limn-temporary-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  const tag = sha256(machine()).slice(0, 8)
  const dead = 2 ** 22 + 1
  const kept = [
    'images.lock',
    'images/.keep',
    'images/a.png',
    `deep/down/.b.png.${tag}-${dead}-0.tmp`,
    `images/.alive.png.${tag}-${ppid}-0.tmp`,
    `images/.own.png.${tag}-${pid}-0.tmp`,
    'images/.foreign.png.0123abcd-12-0.tmp',
    'images/.who.png.12-0.tmp',
  ]
  const stale = [
    `.images.lock.${tag}-${dead}-3.tmp`,
    `images/product/.mug.png.${tag}-${dead}-12.tmp`,
    'images/.old.png.0123abcd-12-0.tmp',
  ]
  for (const path of [...kept, ...stale]) await writeFileAtomic(root, join(root, path), 'x')
  const past = new Date(Date.now() - 25 * 60 * 60_000)
  for (const path of [stale[2]!, kept[4]!]) utimesSync(join(root, path), past, past)
  await removeStaleTemporaryFiles({
    root,
    folders: [root],
    trees: [join(root, 'images'), join(root, 'absent')],
  })
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  expect(
    files.map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1)).sort(),
  ).toEqual(kept.toSorted())
})
