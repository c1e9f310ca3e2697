import { expect, test } from 'vitest'
import { planManifest } from './plan-manifest.ts'

const plan = (text: string, columns = 100): ReturnType<typeof planManifest> =>
  planManifest({ text, columns })

const textOf = async (text: string): Promise<string> => {
  const { plan: shown } = await plan(text)
  return shown!.lines.map((line) => line.map((piece) => piece.text).join('')).join('\n')
}

test.each([
  ['provider: local\nassets:\n  hero: { prompt: A lighthouse, alt: A lighthouse }', '($0)'],
  ['provider: openai\nassets:\n  hero: { prompt: A lighthouse, alt: A lighthouse }', '$0.'],
  [
    'assets:\n  mug: { prompt: "A {{c}} mug", alt: Mug, matrix: { c: [red, blue] } }',
    '2 to generate',
  ],
])('prints the plan of %j', async (text, part) => {
  expect(await textOf(`version: 1\n${text}\n`)).toContain(part)
})

test.each([
  ['assets: [', '1:'],
  ['version: 1\nassets:\n  hero: { promt: A lighthouse }', '3:11'],
  ['version: 1\nassets:\n  hero: { prompt: A, style: nope }', '3:'],
  ['', '1:1'],
])('reports the mistakes of %j with their place', async (text, place) => {
  const { plan: shown, diagnostics } = await plan(text)
  expect(shown).toBeUndefined()
  const places = diagnostics.map(({ place: { line, column } }) => `${line}:${column}`)
  expect(places.some((each) => each.startsWith(place))).toBe(true)
})

test.each([
  ['include: [more.yaml]', '2:11'],
  ['assets:\n  post: { prompt: "{{title}}", matrix: { from: posts.csv } }', ''],
])('explains that it has no other files: %j', async (text, place) => {
  const { plan: shown, diagnostics } = await plan(`version: 1\n${text}\n`)
  expect(shown).toBeUndefined()
  const found = diagnostics.find(({ message }) => message.includes('no other files'))
  expect(found?.hint).toBe('Write what the file contains into the manifest.')
  expect(`${found?.place.line}:${found?.place.column}`).toContain(place)
})

test('gives the painter what the provider local draws', async () => {
  const { plan: shown } = await plan(`version: 1
assets:
  room: { prompt: A room, alt: A room, size: 1536x1024 }
  night: { edit: { image: room }, prompt: The room at night, alt: Night }
  twin: { variation: { image: room }, alt: Another room }
  icon: { prompt: A fox, alt: A fox, background: transparent }
`)
  const byName = new Map(shown!.pictures.map(({ asset, drawing }) => [asset, drawing]))
  const room = { prompt: 'A room', width: 1536, height: 1024, transparent: false, variant: 0 }
  expect(byName.get('room')).toEqual(room)
  expect(byName.get('night')).toMatchObject({ prompt: 'The room at night', base: room })
  expect(byName.get('twin')).toMatchObject({ variant: 1 })
  expect(byName.get('icon')).toMatchObject({ transparent: true })
})

test('colours the plan as a terminal does', async () => {
  const { plan: shown } = await plan('version: 1\nassets:\n  hero: { prompt: A, alt: A }\n')
  expect(shown!.lines[0]).toEqual(
    expect.arrayContaining([
      { text: '+', paint: 'add' },
      { text: 'hero', paint: 'bold' },
    ]),
  )
})
