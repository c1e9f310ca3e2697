import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, it, onTestFinished } from 'vitest'
import { formatPlan, openProject } from '../src/index.ts'

const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8')

/** Returns the first code block that starts with a text. */
function block(fence: string, start: string): string {
  const body = readme.split('```').find((part) => part.startsWith(`${fence}\n${start}`))
  if (body === undefined) throw new Error(`the README has no block ${fence} ${start}`)
  return body.slice(fence.length + 1)
}

it('prints the plan that the README shows for its manifest', async () => {
  const root = mkdtempSync(join(tmpdir(), 'limn-readme-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  mkdirSync(join(root, 'brand'))
  writeFileSync(join(root, 'images.yaml'), block('yaml', '# yaml-language-server'))
  writeFileSync(
    join(root, 'brand/logo.png'),
    await sharp({ create: { width: 600, height: 600, channels: 4, background: '#e4572e' } })
      .png()
      .toBuffer(),
  )
  const { plan, warnings } = await openProject({ cwd: root }).plan()
  expect(`$ limn plan\n${formatPlan(plan).join('\n')}\n`).toBe(block('', '$ limn plan'))
  expect(warnings).toEqual([])
})
