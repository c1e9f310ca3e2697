import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createTestProject, smallManifest } from './test-project.ts'

const files = {
  'images.yaml': smallManifest({ hero: 'A lighthouse' }, 'provider: openai\nout: public/img'),
}

test('keeps a file of the user in `out`, says so before it pays, and writes the output later', async () => {
  const { cli, write, bytes, list, server, root } = await createTestProject({ files, server: true })
  const outputs = (await createTestProject({ files, server: true }).then(async (other) => {
    await other.generate()
    return other.list().filter((path) => path.startsWith('public/'))
  })) as string[]
  const taken = outputs[0]!
  write(taken, 'mine')
  const note = `! ${taken} is not a file of Limn's: Limn keeps it. Rename or delete it, or choose another folder in \`out\`.`
  expect((await cli(['plan'])).stdout).toContain(note)
  const run = await cli(['generate', '--yes'])
  expect(run.code).toBe(1)
  expect(run.stderr).toContain(`${taken} exists and is not a file of Limn's, so Limn keeps it.`)
  expect(String(bytes(taken))).toBe('mine')
  expect((await cli(['check'])).code).toBe(1)
  rmSync(join(root, taken))
  expect(await cli(['generate', '--yes'])).toMatchObject({ code: 0 })
  expect(list().filter((path) => path.startsWith('public/'))).toEqual(outputs)
  expect(server.requests).toHaveLength(1)
})

test('accepts its own files after the lockfile is lost, and backs up one that was retouched', async () => {
  const { generate, write, bytes, cli, list, root } = await createTestProject({
    files,
    server: true,
  })
  await generate()
  const [file] = list().filter((path) => path.startsWith('public/'))
  const own = bytes(file!)
  rmSync(join(root, 'images.lock'))
  await cli(['adopt', 'hero'])
  expect(await cli(['generate', '--yes'])).toMatchObject({ code: 0 })
  expect(bytes(file!).equals(own)).toBe(true)
  write(file!, 'retouched')
  const run = await cli(['generate', '--yes'])
  const kept = /kept the old file as (\S+)\.\n/.exec(run.stderr)?.[1]
  expect(run).toMatchObject({ code: 0 })
  expect(String(bytes(kept!))).toBe('retouched')
  expect(bytes(file!).equals(own)).toBe(true)
})

test('does not replace another file by a saved plan', async () => {
  const { cli, bytes } = await createTestProject({ files, server: true })
  expect((await cli(['plan', '--out', 'images.yaml'])).stderr).toContain('is not a saved plan')
  expect(String(bytes('images.yaml'))).toBe(files['images.yaml'])
  for (let round = 0; round < 2; round++) {
    expect(await cli(['plan', '--out', 'plan.json'])).toMatchObject({ code: 0 })
  }
})
