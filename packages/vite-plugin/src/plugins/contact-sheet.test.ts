import { expect, test } from 'vitest'
import { devtoolsDock } from './contact-sheet.ts'

test('adds a frame with the contact sheet at the base of the server, without a request to elsewhere', () => {
  for (const [base, url] of [
    ['/', '/__limn/'],
    ['/shop/', '/shop/__limn/'],
  ] as const) {
    const entries: Readonly<Record<string, string>>[] = []
    const docks = { register: (entry: Readonly<Record<string, string>>) => entries.push(entry) }
    devtoolsDock('__limn/').setup({ viteConfig: { base }, docks })
    expect(entries).toEqual([
      {
        id: 'limn',
        title: 'Limn',
        type: 'iframe',
        url,
        icon: expect.stringMatching(/^data:/) as string,
      },
    ])
  }
})

test('adds nothing if the devtools have another API', () => {
  expect(() => devtoolsDock('__limn/').setup({})).not.toThrow()
  expect(() => devtoolsDock('__limn/').setup({ docks: {} as never })).not.toThrow()
})
