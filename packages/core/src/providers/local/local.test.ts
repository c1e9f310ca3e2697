import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { squareFont } from '../../../../painter/src/text/testing.ts'
import type { ImageRequest } from '../../identity/request.ts'
import { createLocalProvider } from './local.ts'

test('reports a run that was stopped before the picture was drawn', async () => {
  const provider = createLocalProvider(tmpdir(), 1)
  const request = { prompt: 'A lighthouse', size: '64x64' } as ImageRequest
  await expect(provider.generate(request, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'aborted',
  })
  await provider.close?.()
})

test('writes Chinese words with a font that is installed in the project', async () => {
  const root = mkdtempSync(join(tmpdir(), 'limn-font-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const draw = async (prompt: string): Promise<Uint8Array> => {
    const provider = createLocalProvider(root, 1)
    const request = { operation: 'generate', prompt, size: '96x64' } as ImageRequest
    const { images } = await provider.generate(request, {})
    await provider.close?.()
    return images[0]!
  }
  const prompts = ['步骤：步、步步', '海边的灯塔']
  const [steps, sea] = await Promise.all(prompts.map(draw))
  const file = join(
    root,
    'node_modules/@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-400-normal.woff',
  )
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, squareFont('步', 'woff'))
  const [written, same] = await Promise.all(prompts.map(draw))
  expect(Buffer.compare(written!, steps!)).not.toBe(0)
  expect(Buffer.compare(same!, sea!)).toBe(0)
})
