import { expect, test } from 'vitest'
import { createTestProject, smallManifest } from '../test-project.ts'

/** Whether a text has anything that a terminal acts on, except line breaks and tabs. */
function isPlain(text: string): boolean {
  return !/(?![\n\t])[\p{Cc}\p{Bidi_Control}]/u.test(text)
}

test('prints no control character of a manifest', async () => {
  const { cli, write } = await createTestProject()
  const commands = [
    ['plan'],
    ['plan', '--format', 'github'],
    ['plan', '--json'],
    ['list'],
    ['print'],
  ]
  const manifests = [
    'version: 1\n"\\e[2J\\x9b1m": 1\nassets: {}\n',
    'version: 1\nassets:\n  a: { prompt: x, alt: y, "\\u202Eb\\a": 1 }\n',
    'version: 1\nassets:\n  a: { prompt: "\\e]52;c;eA==\\a", alt: "\\u2066\\x9c" }\n',
    'version: 1\nassets:\n  a: { prompt: x\u001B[8m\u0007, alt: y\n',
    'version: 1\nassets:\n  a: { source: "\\e[31m.png", alt: y }\n',
  ]
  for (const manifest of manifests) {
    write('images.yaml', manifest)
    for (const command of commands) {
      const { stdout, stderr } = await cli(command)
      expect(isPlain(stdout + stderr), `${command.join(' ')} of ${JSON.stringify(manifest)}`).toBe(
        true,
      )
    }
  }
  write('images.yaml', manifests[2]!)
  expect(JSON.parse((await cli(['print'])).stdout)).toMatchObject({ assets: [{ name: 'a' }] })
})

test('prints no control character of a lockfile, a server or an argument', async () => {
  const {
    cliProcess: cli,
    write,
    text,
  } = await createTestProject({
    files: { 'images.yaml': smallManifest({ hero: 'A lighthouse' }) },
    server: true,
    env: { DEBUG: 'limn:*' },
  })
  await cli(['generate'])
  write(
    'images.lock',
    text('images.lock').replaceAll(/A lighthouse/g, 'A \\u001b]0;x\\u0007 \\u009b2J \\u202e'),
  )
  for (const command of [['plan'], ['explain', 'hero'], ['show', 'hero'], ['check'], ['stats']]) {
    const { stdout, stderr } = await cli(command)
    expect(isPlain(stdout + stderr), command.join(' ')).toBe(true)
  }
  const { stderr } = await cli(['show', '\u001B[2Jhero'])
  expect(stderr).toContain('�[2Jhero')
  expect(isPlain(stderr)).toBe(true)
})
